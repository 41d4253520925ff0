import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError, messageOf } from '../../../domain/errors.ts'
import type { PreparedSwitch } from '../entry/entry.ts'
import { PauseTimedOutError } from '../entry/errors.ts'
import { isGone } from '../server/connections.ts'
import { DatabaseUnreachableError, NoWritesTakenError, ServerLostError } from '../server/errors.ts'
import { ensureControl } from '../server/control.ts'
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
import { Guardian } from './guardian.ts'
import { type Lane, type Lanes, type Passed, type ReadyLane, inEach, ofEach } from './lanes.ts'
import { oneGap } from './one-gap.ts'
import { closeParts, lockPair, lockPatienceMs, openParts } from './parts.ts'
import type { SwitchPlan, SwitchResult } from './plan.ts'
import { precheck } from './precheck.ts'
import { armGap, awaitQuiet, prepareGap, tidyLinks } from './prepare.ts'
import { bringToRest } from './rest.ts'
import { sideName } from '../side-name.ts'
import { type Standing, settle } from './settle.ts'

/** A database that the old side serves, on its way to the switch. */
interface StandingLane extends Lane {
  readonly standing: Standing
}

/**
 * Makes `to` the side that serves, or finds that it does. The procedure may be killed anywhere and run again: it reads its
 * state from the databases, never from memory. A failure before the commit point rolls back to `from`.
 * @throws SwitchoverAbortedError and every refusal of the checks, after which `from` serves; SwitchUnfinishedError, after
 * which `to` serves; OutcomeUnknownError and WritersWaitError
 */
export async function switchOver(plan: SwitchPlan): Promise<SwitchResult> {
  const [result] = await switchTogether([plan])
  return result
}

/**
 * Switches several databases at one decision point, the commit of the first ([decision 34](../../../docs/decisions/0034-several-databases-in-one-switch.md)):
 * before it, any failure opens all old sides again; after it, the others follow. Killed anywhere and run again, with the same plans in the
 * same order, it finds on record which of both holds. A database whose new side serves already is left as it is.
 * @throws as {@link switchOver}, for the database that failed
 */
export async function switchTogether(plans: Lanes<SwitchPlan>): Promise<Lanes<SwitchResult>> {
  const lanes = await reachable(plans)
  const live = new Set(lanes.map(({ parts }) => parts))
  const serving = new Map<SwitchPlan, string>()
  try {
    // The first one before the others, as whoever brings one to rest asks for it.
    for (const { plan, parts } of lanes) await lockPair(parts, lockPatienceMs, plan.signal)
    const waiting: StandingLane[] = []
    for (const lane of lanes) {
      const standing = await settled(lane, lanes)
      if (standing.serves === 'to') continue
      serving.set(lane.plan, sideName(lane.plan.from))
      waiting.push({ ...lane, standing })
    }
    const [first, ...others] = waiting
    const passed: readonly Passed[] = first === undefined ? [] : await attempts([first, ...others])
    for (const { parts } of passed) live.add(parts)
    return await inEach(lanes, async (lane) => {
      const { parts, measured } = passed.find(({ plan }) => plan === lane.plan) ?? {
        ...lane,
        measured: undefined,
      }
      return concluded(lane.plan, parts, measured)
    })
  } catch (error) {
    throw namingTheLost(lanes, serving, error)
  } finally {
    for (const parts of live) await closeParts(parts)
  }
}

async function settled({ plan, parts }: Lane, lanes: readonly Lane[]): Promise<Standing> {
  const leads = lanes.flatMap((other) => (other.plan === plan ? [] : [other.parts]))
  const standing = await settle(plan, parts, 'next-run', leads)
  if (standing.serves === 'to')
    plan.say(`${sideName(plan.to)} is open already; finishing what the interrupted switch left`)
  else if (standing.undone) plan.say(`an interrupted switch was undone; ${sideName(plan.from)} serves`)
  return standing
}

/** Says whose server was lost, and who serves meanwhile. `serving` has the sides that are known to serve. */
function namingTheLost(
  lanes: readonly Lane[],
  serving: ReadonlyMap<SwitchPlan, string>,
  error: unknown,
): unknown {
  const isUnreached = error instanceof DatabaseUnreachableError
  const lost = lanes.flatMap(({ plan, parts: { from, to } }) =>
    [from, to]
      .filter(({ app, control }) => isGone(app) || isGone(control))
      .map(({ port }) => ({ port, plan })),
  )[0]
  if ((error instanceof QianyunError && !isUnreached) || lost === undefined) return error
  const options = { cause: isUnreached ? error.cause : error }
  return new ServerLostError(sideName(lost.port), serving.get(lost.plan), options)
}

/** Opens both sides and the entry of each. If one of them does not answer, brings all pairs to rest as far as possible. */
async function reachable(plans: Lanes<SwitchPlan>): Promise<Lanes<Lane>> {
  const opened: Lane[] = []
  try {
    return await inEach(plans, async (plan) => {
      await Promise.all([ensureControl(plan.from), ensureControl(plan.to)])
      const lane = { plan, parts: await openParts(plan) }
      opened.push(lane)
      return lane
    })
  } catch (error) {
    for (const { parts } of opened) await closeParts(parts)
    // Whatever came to rest there would wait without a bound to be committed.
    if (error instanceof NoWritesTakenError) throw error
    const once = { sideMs: 0, entryMs: 0, linkMs: 0 }
    for (const plan of plans) {
      const leads = plans.filter((other) => other !== plan)
      await bringToRest({ ...plan, leads, by: 'next-run', patience: once }).catch((unsettled: unknown) => {
        plan.say(messageOf(unsettled))
      })
    }
    throw error
  }
}

async function concluded(
  plan: SwitchPlan,
  parts: Lane['parts'],
  measured: Measured | undefined,
): Promise<SwitchResult> {
  try {
    return await conclude(plan, parts, measured)
  } catch (error) {
    throw new SwitchUnfinishedError(plan.to, { cause: error })
  }
}

async function attempts(lanes: Lanes<StandingLane>): Promise<readonly Passed[]> {
  const tidy = async ({ parts, standing }: StandingLane) =>
    tidyLinks(parts, { generation: standing.from.generation, openSide: 'from' })
  const checked = await inEach(lanes, async (lane) => {
    await tidy(lane)
    return { ...lane, checked: await precheck(lane.plan, lane.parts, lane.standing) }
  })
  const { guarded, say } = lanes[0].plan
  const posting = guarded ? Guardian.post(lanes) : Promise.resolve(undefined)
  const laid: PreparedSwitch[] = []
  let guardian: Guardian | undefined
  try {
    const ready = await inEach(checked, async (lane) => {
      await prepareGap(lane.plan, lane.parts, lane.standing.from.generation)
      const prepared = await preparedEntry(lane, lanes)
      laid.push(prepared)
      return { ...lane, prepared }
    })
    guardian = await posting
    if (guarded && guardian === undefined) say('no guardian could be posted; going on without')
    const passed = await attemptUntilPassed(ready)
    await guardian?.relieve()
    return passed
  } catch (error) {
    guardian ??= await posting
    const notAtRest = error instanceof OutcomeUnknownError || error instanceof WritersWaitError
    const isUnlinked = error instanceof SwitchoverAbortedError && !error.linked
    // The guardian needs the locks of these connections.
    if (notAtRest)
      await inEach(lanes, async ({ parts }) => closeParts(parts)).then(async () => guardian?.takeOver())
    else if (isUnlinked) guardian?.goOn()
    else await guardian?.relieve()
    // A slot that nothing advances would keep the WAL of the side `to` for ever. Aborted gaps have already dropped theirs.
    if (!notAtRest && !(error instanceof SwitchoverAbortedError))
      await inEach(lanes, tidy).catch(() => undefined)
    throw error
  } finally {
    for (const one of laid) await one.discard().catch(() => undefined)
  }
}

/** Entries that lie in one place change at once: whoever finds a switch cut off finds all of them changed, or none. */
async function preparedEntry({ plan, parts }: Lane, lanes: readonly Lane[]): Promise<PreparedSwitch> {
  const { laidIn } = plan.entry
  const [first, ...others] = lanes.flatMap((lane) =>
    lane.plan === plan || (laidIn !== undefined && lane.plan.entry.laidIn === laidIn) ? [lane.plan] : [],
  )
  if (first !== plan) return { apply: async () => undefined, discard: async () => undefined }
  return parts.entry.prepareSwitch(
    plan.to,
    others.map(({ entry: { name }, to }) => ({ name, to })),
  )
}

async function attemptUntilPassed(prechecked: Lanes<ReadyLane>): Promise<readonly Passed[]> {
  let lanes = prechecked
  const { attempts: most, postponeMs, signal, say } = lanes[0].plan
  for (let attempt = 1; ; attempt++) {
    await inEach(lanes, async ({ plan, parts }) => awaitQuiet(plan, parts))
    for (const { plan } of lanes) assertInTime(plan)
    await inEach(lanes, async ({ plan, parts, standing }) => armGap(plan, parts, standing.from.generation))
    const seen = await inEach(lanes, async ({ plan, parts, checked }) =>
      seenAgain(plan, parts, checked.sides, attempt),
    )
    if (seen.some((sides) => sides !== undefined)) {
      lanes = ofEach(lanes, (lane, at) => {
        const sides = seen[at] ?? lane.checked.sides
        return { ...lane, checked: { ...lane.checked, sides } }
      })
      continue
    }
    const entrySessions = await inEach(lanes, async ({ plan, parts, checked }) =>
      assertNobodyNew(plan, parts, checked.sides),
    )
    try {
      return await oneGap(lanes, entrySessions)
    } catch (error) {
      if (!(error instanceof PauseTimedOutError)) throw error
      if (attempt >= most)
        throw new TransactionTooLongError(sideName(lanes[0].plan.from), attempt, [error.message])
      say(`postponed: ${error.message}`)
      await sleep(postponeMs, undefined, { signal })
    }
  }
}

/** Refuses to begin a gap that cannot end in time, or whose run was stopped. */
function assertInTime({ from, notAfterMs, deadlineMs, signal }: SwitchPlan): void {
  signal.throwIfAborted()
  if (notAfterMs !== undefined && Date.now() + deadlineMs > notAfterMs)
    throw new WindowClosedError(notAfterMs, from)
}
