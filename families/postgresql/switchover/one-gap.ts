import { messageOf } from '../../../domain/errors.ts'
import { PauseTimedOutError } from '../entry/errors.ts'
import { claimSide, freshToken, readState } from '../server/control.ts'
import { sideName } from '../side-name.ts'
import {
  OutcomeUnknownError,
  SwitchUnfinishedError,
  SwitchoverAbortedError,
  WritersWaitError,
} from './errors.ts'
import { GapClock } from './gap-clock.ts'
import { beginGap, endGap } from './gap-record.ts'
import { type GapLane, LaneFailedError, gap } from './gap.ts'
import { type Lanes, type Passed, type ReadyLane, inEach, ofEach } from './lanes.ts'
import { lockPair, lockPatienceMs, openParts } from './parts.ts'
import { type Rest, bringToRest } from './rest.ts'

/** Limit for an entry that does not answer. Its clients wait, and its file is already right; no more can be done. */
const entryPatienceMs = 5_000
/** A gap that has begun is completed even if the run is asked to stop. */
const untilDone = new AbortController().signal

/**
 * One attempt at the critical section of all lanes. `entrySessions` are the server processes of each entry by the last look.
 * @throws PauseTimedOutError, after which clients go on and nothing was fenced; SwitchoverAbortedError, after which the old sides serve;
 * SwitchUnfinishedError, OutcomeUnknownError, WritersWaitError
 */
export async function oneGap(
  ready: Lanes<ReadyLane>,
  entrySessions: Lanes<readonly number[]>,
): Promise<readonly Passed[]> {
  const attempted = await inEach(ready, async (lane, at) => ({
    ...lane,
    attempt: await claimed(lane, entrySessions[at] ?? []),
  }))
  const lanes = ofEach(attempted, (lane) => ({ ...lane, clock: new GapClock(lane.plan) }))
  try {
    const ended = await gap(lanes)
    const elapsedMs = lanes.map(({ clock }) => clock.elapsedMs())
    // If it cannot be recorded, the result still has it.
    await endGaps(lanes).catch(() => undefined)
    return lanes.map(({ plan, parts, clock: { anatomyMs }, attempt }, at) => {
      const { told } = attempt.checked.sides
      const gapMs = elapsedMs[at]
      return {
        ...{ plan, parts },
        measured: {
          ...(gapMs !== undefined && { gapMs }),
          ...{ anatomyMs, ...ended[at] },
          ...(told.length > 0 && { notRefused: told }),
        },
      }
    })
  } catch (error) {
    if (!(error instanceof LaneFailedError)) throw error
    if (!(error.cause instanceof PauseTimedOutError)) return await giveUp(lanes, error)
    // Clients go on already.
    await endGaps(lanes)
    throw error.cause
  } finally {
    for (const { clock } of lanes) clock.stop()
  }
}

async function claimed(
  { plan, parts: { from, to }, checked, prepared }: ReadyLane,
  entrySessions: readonly number[],
): Promise<GapLane['attempt']> {
  const [left, right] = await Promise.all([
    readState(from.control, plan.from),
    readState(to.control, plan.to),
  ])
  const token = freshToken('switch')
  await claimSide(to.control, plan.to, 'closed', right.token, token)
  await beginGap(from.control, plan.from.database, left.generation + 1)
  return { states: { from: left, to: right }, checked, prepared, entrySessions, token }
}

async function endGaps(lanes: Lanes<GapLane>): Promise<void> {
  await inEach(lanes, async ({ plan, parts }) =>
    endGap(parts.from.control, plan.from.database, { by: 'runner', settled: true }),
  )
}

/**
 * Ends a failed gap. Returns the connections to continue on if the commit point turns out to have been passed.
 * @throws SwitchoverAbortedError, WritersWaitError; OutcomeUnknownError otherwise
 */
async function giveUp(lanes: Lanes<GapLane>, failed: LaneFailedError): Promise<readonly Passed[]> {
  const { lane, cause } = failed
  const rests = await allAtRest(lanes)
  for (const [at, { plan }] of lanes.entries()) {
    const rest = rests[at]
    if (rest?.goesOn === false)
      throw new WritersWaitError(plan.entry.name, plan[rest.serves], { cause: rest.entryFailure ?? cause })
    if (rest?.entryFailure !== undefined)
      plan.say(`not all of the entry is in order: ${messageOf(rest.entryFailure)}`)
  }
  if (rests[0].serves === 'from')
    throw new SwitchoverAbortedError(lane.clock.part, lane.plan.from, lane.clock.elapsedMs(), {
      cause,
      linked: rests.every(({ link }) => link !== 'unreached'),
    })
  return inEach(lanes, async ({ plan, clock: { anatomyMs } }) => {
    const parts = await openParts(plan).catch((error: unknown) => {
      throw new SwitchUnfinishedError(plan.to, { cause: error })
    })
    await lockPair(parts, lockPatienceMs, untilDone)
    return { plan, parts, measured: { anatomyMs } }
  })
}

/** The first one decides: the others wait for it only where it may have opened, or may be opened by whoever finds it. */
async function allAtRest(lanes: Lanes<GapLane>): Promise<Lanes<Rest>> {
  const [lead, ...others] = lanes
  const isReady = ['subscribe', 'open', 'switch'].includes(lead.clock.part)
  if (!isReady)
    return inEach(lanes, async (lane) => restAfter(lane, lane === lead ? {} : { leadOutcome: 'kept' }))
  const rest = await restAfter(lead, {})
  const leadOutcome = rest.serves === 'to' ? 'opened' : 'kept'
  const [first, ...more] = others
  if (first === undefined) return [rest]
  return [rest, ...(await inEach([first, ...more], async (lane) => restAfter(lane, { leadOutcome })))]
}

/** Uses fresh connections: those of the gap may still be busy with the failed statement, so the servers end them first. */
async function restAfter(
  { plan, parts, clock }: GapLane,
  decided: { readonly leadOutcome?: 'opened' | 'kept' },
): Promise<Rest> {
  return bringToRest({
    from: plan.from,
    to: plan.to,
    entry: plan.entry,
    by: 'runner',
    processes: parts.processes,
    // One that follows has the decision on record, not its own commit.
    ...(decided.leadOutcome === undefined ? { commitSent: clock.commitSent } : decided),
    patience: { sideMs: plan.recoverForMs, entryMs: entryPatienceMs, linkMs: 0 },
    signal: plan.signal,
    say: plan.say,
  }).catch((error: unknown) => {
    throw new OutcomeUnknownError(sideName(plan.from), sideName(plan.to), { cause: error })
  })
}
