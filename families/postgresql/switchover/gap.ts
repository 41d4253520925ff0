import type { PreparedSwitch } from '../entry/entry.ts'
import { isGone } from '../server/connections.ts'
import {
  type SideState,
  allowCommit,
  closeSide,
  fenceToken,
  freshToken,
  openClosedSide,
} from '../server/control.ts'
import { largeObjectFindings } from '../census/findings.ts'
import { copiesLargeObjects, fitting } from '../census/waivers.ts'
import { backgroundWorker } from '../rules/background-worker.ts'
import { recordedDdl } from '../replication/ddl-freeze.ts'
import { SidesChangedError } from '../differences/errors.ts'
import { CensusRefusedError, DataDiffersError, SideSilentError } from '../errors.ts'
import { syncLargeObjects } from '../copy/large-objects.ts'
import { awaitMarker, writeLastMarker } from '../replication/marker.ts'
import { readSequences, setSequences } from './sequences.ts'
import { lookAtFence, terminateSessions } from '../server/sessions.ts'
import { advanceSlot, linkName } from '../replication/slots.ts'
import { followFrom, stopSubscription } from '../replication/subscriptions.ts'
import { tableSum } from '../verify/table-sum.ts'
import { DeadlineReachedError, FenceLeaksError, PreparedTransactionsError } from './errors.ts'
import type { Measured } from './conclude.ts'
import { type Parts } from './parts.ts'
import type { GapPart, SwitchPlan } from './plan.ts'
import type { Prechecked } from './precheck.ts'
import { sideName } from '../side-name.ts'

/** Progress of the gap, from which an abort and the result are derived. */
export class GapClock {
  readonly anatomyMs: Partial<Record<GapPart, number>> = {}
  readonly signal: AbortSignal
  part: GapPart = 'pause'
  /** Whether the commit was sent over a connection not known to be lost; then only the side `to` knows whether the switch happened. */
  commitSent = false
  readonly beganAt = performance.now()

  constructor(private readonly plan: Pick<SwitchPlan, 'deadlineMs' | 'onPart'>) {
    this.signal = AbortSignal.timeout(plan.deadlineMs)
  }

  /** Runs and measures one part, within the deadline. @throws DeadlineReachedError */
  async run<T>(part: GapPart, work: () => Promise<T>): Promise<T> {
    this.part = part
    this.plan.onPart?.(part)
    if (this.signal.aborted) throw new DeadlineReachedError(part, this.plan.deadlineMs)
    const began = performance.now()
    let stop: (() => void) | undefined
    const late = new Promise<never>((_resolve, reject) => {
      stop = () => {
        reject(new DeadlineReachedError(part, this.plan.deadlineMs))
      }
      this.signal.addEventListener('abort', stop)
    })
    try {
      return await Promise.race([work(), late])
    } finally {
      if (stop !== undefined) this.signal.removeEventListener('abort', stop)
      this.anatomyMs[part] = round(performance.now() - began)
    }
  }

  elapsedMs(): number {
    return round(performance.now() - this.beganAt)
  }
}

/** Tokens and names of one attempt. */
export interface Attempt {
  readonly states: { readonly from: SideState; readonly to: SideState }
  readonly checked: Prechecked
  readonly prepared: PreparedSwitch
  /** Processes of the side that is left, of the entry's sessions by the last look. */
  readonly entrySessions: readonly number[]
  /** The token under which the new side is claimed and opened. */
  readonly token: string
}

/**
 * The critical section, in the order that loses nothing: fence, proof, marker, sequences, advance of the reverse slot, and
 * then the commit point on the new side, to which the writers are resumed. After an error before the commit point, `settle`
 * restores the pair.
 */
export async function gap(
  plan: SwitchPlan,
  parts: Parts,
  attempt: Attempt,
  clock: GapClock,
): Promise<Pick<Measured, 'sessionsEnded' | 'strangersEnded'>> {
  const { from, to, entry } = parts
  const { states, token } = attempt
  await clock.run('pause', async () => entry.pause(plan.pauseTimeoutMs))
  const fence = fenceToken()
  await clock.run('fence', async () => closeSide(from.control, plan.from, states.from.token, fence))
  const ended = await clock.run('terminate', async () =>
    terminateSessions(from.control, plan.from, clock.signal),
  )
  const [, advancedTo] = await together([
    prove(plan, parts, attempt.checked, clock),
    turnRound(plan, parts, { ...attempt, fence }, clock),
  ])
  const reverse = linkName(plan.to.database, states.from.generation + 1)
  await clock.run('subscribe', async () =>
    together([followFrom(from.app, reverse, advancedTo), attempt.prepared.apply()]),
  )
  await clock.run('open', async () => {
    if (isGone(to.control)) throw new SideSilentError(sideName(plan.to), 0)
    clock.commitSent = true
    await openClosedSide(to.control, plan.to, token, freshToken('open'), states.from.generation + 1)
  })
  await clock.run('switch', async () => entry.release())
  const strangers = ended.filter(({ pid }) => !attempt.entrySessions.includes(pid))
  return {
    sessionsEnded: ended.length,
    ...(strangers.length > 0 && { strangersEnded: strangers.slice(0, 20).map(({ words }) => words) }),
  }
}

/** Waits for both works before it throws: work still under way would collide with its own undo. */
async function together<A, B>(works: readonly [Promise<A>, Promise<B>]): Promise<[A, B]> {
  await Promise.allSettled(works)
  return Promise.all(works)
}

/** Checks that logins are refused and that no session is left. A session that logged in between is read-only by default. */
async function prove(plan: SwitchPlan, { from }: Parts, checked: Prechecked, clock: GapClock): Promise<void> {
  const waiverOf = fitting(plan)
  await clock.run('prove', async () => {
    const [look, ...refusals] = await Promise.all([
      lookAtFence(from.control, plan.from),
      ...checked.provingRoles.map(async (role) => ({ role, code: await plan.from.tryAppLogin(role) })),
    ])
    if (look.preparedTransactions > 0) {
      throw new PreparedTransactionsError(sideName(plan.from), look.preparedTransactions)
    }
    const leaks = [
      ...look.mayConnect.map((role) => `role "${role}" still has CONNECT`),
      ...(look.sessions > 0 ? [`${look.sessions} sessions are still there`] : []),
      ...look.workers
        .filter(({ kind }) => waiverOf(backgroundWorker.id, kind) === undefined)
        .map(({ kind, pid }) => `background worker "${kind}" (process ${pid}) is still there`),
      ...refusals
        .filter(({ code }) => code !== '28000' && code !== '42501')
        .map(({ role, code }) =>
          code === undefined
            ? `role "${role}" can still log in`
            : `a login of role "${role}" ended with SQLSTATE ${code}`,
        ),
    ]
    if (leaks.length > 0) throw new FenceLeaksError(sideName(plan.from), leaks)
  })
}

async function verifyHot(plan: SwitchPlan, { from, to }: Parts): Promise<void> {
  const differing: string[] = []
  for (const table of plan.verifyTables) {
    const [left, right] = await Promise.all([tableSum(from.app, table), tableSum(to.app, table)])
    if (left.rows !== right.rows || left.sum !== right.sum) {
      differing.push(
        `table "${table}" has ${left.rows} rows on ${sideName(plan.from)} and ${right.rows} on ${sideName(plan.to)}`,
      )
    }
  }
  if (differing.length > 0) throw new DataDiffersError(differing)
}

/**
 * Waits until the new side has every change of the closed side, and reverses the direction: the reverse slot is past every
 * forwarded row before the first write on the new side. Returns the position in the closed side's log.
 */
async function turnRound(
  plan: SwitchPlan,
  parts: Parts,
  attempt: Attempt & { readonly fence: string },
  clock: GapClock,
): Promise<string> {
  const { from, to } = parts
  const { generation } = attempt.states.from
  const copiesThem = copiesLargeObjects(plan)
  await clock.run('marker', async () => {
    const { token, checked } = attempt
    const { schemaChanges, largeObjects } = await writeLastMarker(from.app, 'gap', token)
    if (schemaChanges !== checked.sides.schemaChanges)
      throw new SidesChangedError(sideName(plan.from), await recordedDdl(from.app))
    if (largeObjects && !copiesThem)
      throw new CensusRefusedError(await largeObjectFindings({ client: from.app, port: plan.from }, plan))
    await awaitMarker({
      from: { client: from.app, label: sideName(plan.from) },
      to: { client: to.app, label: sideName(plan.to) },
      name: 'gap',
      token,
      timeoutMs: plan.deadlineMs,
      everyMs: 1,
      signal: clock.signal,
    })
  })
  if (copiesThem) await clock.run('largeObjects', async () => syncLargeObjects(from.app, to.app))
  if (plan.verifyTables.length > 0) await clock.run('verify', async () => verifyHot(plan, parts))
  const [, sequences] = await clock.run('disable', async () =>
    together([
      stopSubscription(to.app, linkName(plan.from.database, generation), clock.signal),
      readSequences(from.app),
    ]),
  )
  // Recorded before the entry's file is replaced: a file that leads to the side `to` means that a commit may follow. Both wait for
  // their disks at the same time.
  await clock.run('sequences', async () =>
    together([
      setSequences(to.app, sequences, plan.sequenceMargin),
      allowCommit(from.control, plan.from, attempt.fence, generation + 1),
    ]),
  )
  return clock.run('advance', async () => advanceSlot(to.app, linkName(plan.to.database, generation + 1)))
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
