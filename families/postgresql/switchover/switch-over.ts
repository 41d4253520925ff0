import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError, messageOf } from '../../../domain/errors.ts'
import { PauseTimedOutError } from '../entry/errors.ts'
import { isGone } from '../server/connections.ts'
import { DatabaseUnreachableError, NoWritesTakenError, ServerLostError } from '../server/errors.ts'
import { claimSide, ensureControl, freshToken, readState } from '../server/control.ts'
import { beginGap, endGap } from './gap-record.ts'
import { type Measured, conclude } from './conclude.ts'
import { assertNobodyNew } from './last-look.ts'
import {
  OutcomeUnknownError,
  SwitchUnfinishedError,
  SwitchoverAbortedError,
  TransactionTooLongError,
  WindowClosedError,
  WritersWaitError,
} from './errors.ts'
import { seenAgain } from './check-sides.ts'
import { type Attempt, GapClock, gap } from './gap.ts'
import { Guardian } from './guardian.ts'
import { type Parts, closeParts, lockPair, openParts } from './parts.ts'
import type { SwitchPlan, SwitchResult } from './plan.ts'
import { type Prechecked, precheck } from './precheck.ts'
import { armGap, awaitQuiet, prepareGap, tidyLinks } from './prepare.ts'
import { type Rest, bringToRest } from './rest.ts'
import { sideName } from '../side-name.ts'
import { type Standing, settle } from './settle.ts'

/** Longer than the guardian of a killed run needs. */
const lockPatienceMs = 15_000
/** Limit for an entry that does not answer. Its clients wait, and its file is already right; no more can be done. */
const entryPatienceMs = 5_000
/** A gap that has begun is completed even if the run is asked to stop. */
const untilDone = new AbortController().signal

/** A switch past its commit point, with the connections it continues on. */
interface Passed {
  readonly parts: Parts
  readonly measured: Measured
}

/**
 * Makes `to` the side that serves, or finds that it does. The procedure may be killed anywhere and run again: it reads its
 * state from the databases, never from memory. A failure before the commit point rolls back to `from`.
 * @throws SwitchoverAbortedError and every refusal of the checks, after which `from` serves; SwitchUnfinishedError, after
 * which `to` serves; OutcomeUnknownError and WritersWaitError
 */
export async function switchOver(plan: SwitchPlan): Promise<SwitchResult> {
  const parts = await reachable(plan)
  let live = parts
  let serving: string | undefined
  try {
    await lockPair(parts, lockPatienceMs, plan.signal)
    const standing = await settle(plan, parts, 'next-run')
    if (standing.serves === 'to') {
      plan.say(`${sideName(plan.to)} is open already; finishing what the interrupted switch left`)
      return await concluded(plan, parts)
    }
    if (standing.undone) plan.say(`an interrupted switch was undone; ${sideName(plan.from)} serves`)
    serving = sideName(plan.from)
    const passed = await attempts(plan, parts, standing)
    live = passed.parts
    return await concluded(plan, live, passed.measured)
  } catch (error) {
    throw namingTheLost(parts, serving, error)
  } finally {
    await closeParts(parts)
    if (live !== parts) await closeParts(live)
  }
}

/** Says whose server was lost, and who serves meanwhile. `serving` is the side that is known to serve. */
function namingTheLost(parts: Parts, serving: string | undefined, error: unknown): unknown {
  const isUnreached = error instanceof DatabaseUnreachableError
  const lost = [parts.from, parts.to].find(({ app, control }) => isGone(app) || isGone(control))
  if ((error instanceof QianyunError && !isUnreached) || lost === undefined) return error
  return new ServerLostError(sideName(lost.port), serving, { cause: isUnreached ? error.cause : error })
}

/** Opens both sides and the entry. If one of them does not answer, brings the pair to rest as far as possible. */
async function reachable(plan: SwitchPlan): Promise<Parts> {
  try {
    await Promise.all([ensureControl(plan.from), ensureControl(plan.to)])
    return await openParts(plan)
  } catch (error) {
    // Whatever came to rest there would wait without a bound to be committed.
    if (error instanceof NoWritesTakenError) throw error
    const once = { sideMs: 0, entryMs: 0, linkMs: 0 }
    await bringToRest({ ...plan, by: 'next-run', patience: once }).catch((unsettled: unknown) => {
      plan.say(messageOf(unsettled))
    })
    throw error
  }
}

async function concluded(plan: SwitchPlan, parts: Parts, measured?: Measured): Promise<SwitchResult> {
  try {
    return await conclude(plan, parts, measured)
  } catch (error) {
    throw new SwitchUnfinishedError(plan.to, { cause: error })
  }
}

async function attempts(plan: SwitchPlan, parts: Parts, standing: Standing): Promise<Passed> {
  const { generation } = standing.from
  await tidyLinks(parts, { generation, openSide: 'from' })
  const checked = await precheck(plan, parts, standing)
  const posting = plan.guarded ? Guardian.post(plan, parts.processes) : Promise.resolve(undefined)
  const prepared = await prepareGap(plan, parts, generation).catch(async (error: unknown) => {
    await (await posting)?.relieve()
    throw error as Error
  })
  const guardian = await posting
  if (plan.guarded && guardian === undefined) plan.say('no guardian could be posted; going on without')
  try {
    const passed = await attemptUntilPassed(plan, parts, generation, checked, prepared)
    await guardian?.relieve()
    return passed
  } catch (error) {
    const notAtRest = error instanceof OutcomeUnknownError || error instanceof WritersWaitError
    const isUnlinked = error instanceof SwitchoverAbortedError && !error.linked
    // The guardian needs the locks of these connections.
    if (notAtRest) await closeParts(parts).then(async () => guardian?.takeOver())
    else if (isUnlinked) guardian?.goOn()
    else await guardian?.relieve()
    // A slot that nothing advances would keep the WAL of the side `to` for ever. Aborted gaps have already dropped theirs.
    if (!notAtRest && !(error instanceof SwitchoverAbortedError))
      await tidyLinks(parts, { generation, openSide: 'from' }).catch(() => undefined)
    throw error
  } finally {
    await prepared.discard().catch(() => undefined)
  }
}

async function attemptUntilPassed(
  plan: SwitchPlan,
  parts: Parts,
  generation: number,
  prechecked: Prechecked,
  prepared: Attempt['prepared'],
): Promise<Passed> {
  let checked = prechecked
  for (let attempt = 1; ; attempt++) {
    await awaitQuiet(plan, parts)
    assertInTime(plan)
    await armGap(plan, parts, generation)
    const sides = await seenAgain(plan, parts, checked.sides, attempt)
    if (sides !== undefined) {
      checked = { ...checked, sides }
      continue
    }
    const entrySessions = await assertNobodyNew(plan, parts, checked.sides)
    try {
      return await oneGap(plan, parts, { checked, prepared, entrySessions })
    } catch (error) {
      if (!(error instanceof PauseTimedOutError)) throw error
      if (attempt >= plan.attempts) {
        throw new TransactionTooLongError(sideName(plan.from), attempt, [error.message])
      }
      plan.say(`postponed: ${error.message}`)
      await sleep(plan.postponeMs, undefined, { signal: plan.signal })
    }
  }
}

/** Refuses to begin a gap that cannot end in time, or whose run was stopped. */
function assertInTime({ from, notAfterMs, deadlineMs, signal }: SwitchPlan): void {
  signal.throwIfAborted()
  if (notAfterMs !== undefined && Date.now() + deadlineMs > notAfterMs)
    throw new WindowClosedError(notAfterMs, from)
}

async function oneGap(
  plan: SwitchPlan,
  parts: Parts,
  attempt: Pick<Attempt, 'checked' | 'prepared' | 'entrySessions'>,
): Promise<Passed> {
  const { control } = parts.from
  const { database } = plan.from
  const [from, to] = await Promise.all([readState(control, plan.from), readState(parts.to.control, plan.to)])
  const token = freshToken('switch')
  await claimSide(parts.to.control, plan.to, 'closed', to.token, token)
  await beginGap(control, database, from.generation + 1)
  const clock = new GapClock(plan)
  const { anatomyMs } = clock
  try {
    const ended = await gap(plan, parts, { ...attempt, states: { from, to }, token }, clock)
    const gapMs = clock.elapsedMs()
    const { told } = attempt.checked.sides
    // If it cannot be recorded, the result still has it.
    await endGap(control, database, { by: 'runner', settled: true }).catch(() => undefined)
    return { parts, measured: { gapMs, anatomyMs, ...ended, ...(told.length > 0 && { notRefused: told }) } }
  } catch (error) {
    if (!(error instanceof PauseTimedOutError)) {
      return { parts: await giveUp(plan, parts, clock, error), measured: { anatomyMs } }
    }
    // The failed pause has already resumed the clients.
    await endGap(control, database, { by: 'runner', settled: true })
    throw error
  }
}

/**
 * Ends a failed gap. Returns the connections to continue on if the commit point turns out to have been passed.
 * @throws SwitchoverAbortedError, WritersWaitError; OutcomeUnknownError otherwise
 */
async function giveUp(plan: SwitchPlan, failed: Parts, clock: GapClock, cause: unknown): Promise<Parts> {
  const rest = await restAfter(plan, failed, clock).catch((error: unknown) => {
    throw new OutcomeUnknownError(sideName(plan.from), sideName(plan.to), { cause: error })
  })
  if (!rest.goesOn)
    throw new WritersWaitError(plan.entry.name, plan[rest.serves], { cause: rest.entryFailure ?? cause })
  if (rest.entryFailure !== undefined)
    plan.say(`not all of the entry is in order: ${messageOf(rest.entryFailure)}`)
  if (rest.serves === 'from')
    throw new SwitchoverAbortedError(clock.part, plan.from, clock.elapsedMs(), {
      cause,
      linked: rest.link !== 'unreached',
    })
  const parts = await openParts(plan).catch((error: unknown) => {
    throw new SwitchUnfinishedError(plan.to, { cause: error })
  })
  await lockPair(parts, lockPatienceMs, untilDone)
  return parts
}

/** Uses fresh connections: those of the gap may still be busy with the failed statement, so the servers end them first. */
async function restAfter(plan: SwitchPlan, failed: Parts, clock: GapClock): Promise<Rest> {
  return bringToRest({
    from: plan.from,
    to: plan.to,
    entry: plan.entry,
    by: 'runner',
    processes: failed.processes,
    commitSent: clock.commitSent,
    patience: { sideMs: plan.recoverForMs, entryMs: entryPatienceMs, linkMs: 0 },
    signal: plan.signal,
    say: plan.say,
  })
}
