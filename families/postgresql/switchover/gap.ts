import type pg from 'pg'
import type { PreparedSwitch } from '../entry/entry.ts'
import { PauseTimedOutError } from '../entry/errors.ts'
import { isGone } from '../server/connections.ts'
import {
  type Lead,
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
import { changedParts, fingerprintOf } from '../differences/fingerprint.ts'
import { SidesChangedError } from '../differences/errors.ts'
import { CensusRefusedError, DataDiffersError, SideSilentError } from '../errors.ts'
import { syncLargeObjects } from '../copy/large-objects.ts'
import { awaitMarker, writeLastMarker } from '../replication/marker.ts'
import { readSequences, setSequences } from './sequences.ts'
import { lookAtFence, terminateSessions } from '../server/sessions.ts'
import { advanceSlot, linkName } from '../replication/slots.ts'
import { followFrom, stopSubscription } from '../replication/subscriptions.ts'
import { tableSum } from '../verify/table-sum.ts'
import { FenceLeaksError, PreparedTransactionsError } from './errors.ts'
import type { GapClock } from './gap-clock.ts'
import type { Measured } from './conclude.ts'
import { type Parts } from './parts.ts'
import type { SwitchPlan } from './plan.ts'
import type { Prechecked } from './precheck.ts'
import { place } from '../place.ts'
import { sideName } from '../side-name.ts'

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

/** One of the databases in the critical section. */
export interface GapLane {
  readonly plan: SwitchPlan
  readonly parts: Parts
  readonly attempt: Attempt
  readonly clock: GapClock
}

/** What the critical section of one database came to. */
type GapEnded = Pick<Measured, 'sessionsEnded' | 'strangersEnded'>

/**
 * The critical section, in the order that loses nothing: fence, proof, marker, sequences, advance of the reverse slot, and
 * then the commit point on the new side, to which the writers are resumed. Several databases go through it together: none is fenced
 * before the clients of all wait, nothing opens before all are ready, and the first one decides. After an error before its commit point,
 * `settle` restores the pairs.
 * @throws LaneFailedError
 */
export async function gap(lanes: readonly [GapLane, ...GapLane[]]): Promise<readonly GapEnded[]> {
  const [lead, ...others] = lanes
  await pauseAll(lanes)
  const closed = await ofAll(lanes, async (lane) => closeAndTurn(lane, lane === lead ? undefined : lead))
  await ofAll(lanes, async (lane) => letFollow(lane, closed[lanes.indexOf(lane)]?.advancedTo ?? ''))
  await ofAll([lead], open)
  await ofAll(others, open)
  await ofAll(lanes, async ({ parts, clock }) => clock.run('switch', async () => parts.entry.release()))
  return closed.map(({ ended }, at) => {
    const own = lanes[at]?.attempt.entrySessions ?? []
    const strangers = ended.filter(({ pid }) => !own.includes(pid))
    return {
      sessionsEnded: ended.length,
      ...(strangers.length > 0 && { strangersEnded: strangers.slice(0, 20).map(({ words }) => words) }),
    }
  })
}

/** Thrown when one of several databases has failed in the critical section; `cause` says why. */
export class LaneFailedError extends Error {
  override name = 'LaneFailedError'

  constructor(
    readonly lane: GapLane,
    options: ErrorOptions,
  ) {
    super('a database failed in the critical section', options)
  }
}

/** Works on all at once, ends the others when one fails, and waits for all: work still under way would collide with its own undo. */
async function ofAll<T>(
  lanes: readonly GapLane[],
  work: (lane: GapLane) => Promise<T>,
): Promise<readonly T[]> {
  let failed: LaneFailedError | undefined
  const done = await Promise.all(
    lanes.map(async (lane) => {
      try {
        return [await work(lane)]
      } catch (cause) {
        failed ??= new LaneFailedError(lane, { cause })
        for (const { clock } of lanes) clock.stop()
        return []
      }
    }),
  )
  if (failed !== undefined) throw failed
  return done.flat()
}

/** Has the clients of all wait. If those of one cannot be paused, all of them go on. */
async function pauseAll(lanes: readonly GapLane[]): Promise<void> {
  const paused = await Promise.allSettled(
    lanes.map(async ({ plan, parts, clock }) =>
      clock.run('pause', async () => parts.entry.pause(plan.pauseTimeoutMs)),
    ),
  )
  const failures = lanes.flatMap((lane, at) => {
    const found = paused[at]
    return found?.status === 'rejected' ? [{ lane, cause: found.reason as unknown }] : []
  })
  const [late] = failures
  if (late === undefined) return
  const worse = failures.find(({ cause }) => !(cause instanceof PauseTimedOutError))
  const { lane, cause } = worse ?? late
  if (worse === undefined)
    await ofAll(
      lanes.filter((_, at) => paused[at]?.status === 'fulfilled'),
      async ({ parts }) => parts.entry.resume(),
    )
  throw new LaneFailedError(lane, { cause })
}

/** Closes the side that is left, and has all that it took on the other one; nothing is open then. */
async function closeAndTurn(
  { plan, parts, attempt, clock }: GapLane,
  lead: GapLane | undefined,
): Promise<{ readonly ended: Awaited<ReturnType<typeof terminateSessions>>; readonly advancedTo: string }> {
  const { from } = parts
  const fence = fenceToken()
  await clock.run('fence', async () => closeSide(from.control, plan.from, attempt.states.from.token, fence))
  const ended = await clock.run('terminate', async () =>
    terminateSessions(from.control, plan.from, clock.signal),
  )
  const [, advancedTo] = await together([
    prove(plan, parts, attempt.checked, clock),
    turnRound(plan, parts, { ...attempt, fence, ...(lead && { lead: decidedBy(lead) }) }, clock),
  ])
  return { ended, advancedTo }
}

/** What the record of a database says that follows another one. */
function decidedBy({ plan, attempt }: GapLane): Lead {
  return { place: place(plan.to), generation: attempt.states.from.generation + 1 }
}

async function letFollow({ plan, parts, attempt, clock }: GapLane, advancedTo: string): Promise<void> {
  const reverse = linkName(plan.to.database, attempt.states.from.generation + 1)
  await clock.run('subscribe', async () =>
    together([followFrom(parts.from.app, reverse, advancedTo), attempt.prepared.apply()]),
  )
}

async function open({ plan, parts: { to }, attempt, clock }: GapLane): Promise<void> {
  await clock.run('open', async () => {
    if (isGone(to.control)) throw new SideSilentError(sideName(plan.to), 0)
    clock.commitSent = true
    const { token, states } = attempt
    await openClosedSide(to.control, plan.to, token, freshToken('open'), states.from.generation + 1)
  })
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

/** What a fence itself changes. */
const ofFence = ['pg_authid', 'pg_database', 'pg_db_role_setting']

/** Whether the schema was changed since both sides were compared, on a side where nothing counts changes. */
async function changedUncounted(client: pg.Client, { sides }: Prechecked): Promise<boolean> {
  if (sides.isCounted) return false
  const changed = changedParts(sides.fingerprints.from, await fingerprintOf(client))
  return changed.some((part) => !ofFence.includes(part))
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
  attempt: Attempt & { readonly fence: string; readonly lead?: Lead },
  clock: GapClock,
): Promise<string> {
  const { from, to } = parts
  const { generation } = attempt.states.from
  const copiesThem = copiesLargeObjects(plan)
  await clock.run('marker', async () => {
    const { token, checked } = attempt
    const { schemaChanges, largeObjects } = await writeLastMarker(from.app, 'gap', token)
    if (schemaChanges !== checked.sides.schemaChanges || (await changedUncounted(from.app, checked)))
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
      allowCommit(from.control, plan.from, attempt.fence, generation + 1, attempt.lead),
    ]),
  )
  return clock.run('advance', async () => advanceSlot(to.app, linkName(plan.to.database, generation + 1)))
}
