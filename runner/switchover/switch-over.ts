import { setTimeout as sleep } from 'node:timers/promises'
import { Console } from '../pgbouncer/admin.ts'
import { PauseTimedOutError } from '../pgbouncer/errors.ts'
import { withClient } from '../postgres/connections.ts'
import { claimSide, freshToken, readState, rememberSwitch } from '../postgres/control.ts'
import { controlDatabase } from '../postgres/control-schema.ts'
import {
  OutcomeUnknownError,
  SwitchoverAbortedError,
  TransactionTooLongError,
  WindowClosedError,
} from './errors.ts'
import { finish } from './finish.ts'
import { type Attempt, GapClock, gap } from './gap.ts'
import { Guardian } from './guardian.ts'
import { type Parts, closeParts, endOnServers, lockPair, openParts, place } from './parts.ts'
import type { SwitchPlan, SwitchResult } from './plan.ts'
import { type Prechecked, precheck } from './precheck.ts'
import { armGap, awaitQuiet, closedForMs, prepareGap, tidyLinks } from './prepare.ts'
import { type Standing, reopen, settle, settleEntry } from './settle.ts'

/** Longer than a killed run's guardian needs. */
const lockPatienceMs = 15_000

/**
 * Makes `to` the side that serves, or finds it so. May be killed anywhere and run again: what holds is read from the
 * databases, never from memory. Rolls back to `from` whatever fails before the commit point.
 * @throws SwitchoverAbortedError and every refusal of the checks; both leave `from` serving.
 */
export async function switchOver(plan: SwitchPlan): Promise<SwitchResult> {
  const parts = await openParts(plan)
  try {
    await lockPair(parts, lockPatienceMs, plan.signal)
    const standing = await settle(plan, parts)
    if (standing.serves === 'to') return await completed(plan, parts, standing)
    if (standing.undone) plan.say('an interrupted switch was undone; the old side serves')
    const generation = standing.from.generation
    await tidyLinks(parts, { generation, openSide: 'from' })
    const checked = await precheck(plan, parts, standing)
    return await attempts(plan, parts, generation, checked)
  } finally {
    await closeParts(parts)
  }
}

/** A switch that is done already: its result is on record, or what is left of it is finished now. */
async function completed(plan: SwitchPlan, parts: Parts, standing: Standing): Promise<SwitchResult> {
  const { generation, token, lastSwitch } = standing.to
  const known = lastSwitch as Partial<SwitchResult> | null
  if (known?.generation === generation && known.armed === true) {
    return { ...(known as SwitchResult), resumed: true }
  }
  plan.say('the new side is open already; finishing what the interrupted switch left')
  const gapMs = await closedForMs(parts.from.control, plan.from.database)
  return remember(plan, parts, {
    generation,
    gapMs: known?.gapMs ?? gapMs,
    anatomyMs: known?.anatomyMs ?? {},
    openSide: plan.to.role,
    token,
    sessionsEnded: known?.sessionsEnded ?? 0,
    superusers: known?.superusers ?? [],
    resumed: true,
    ...(await finish(plan, parts, generation)),
  })
}

async function attempts(
  plan: SwitchPlan,
  parts: Parts,
  generation: number,
  checked: Prechecked,
): Promise<SwitchResult> {
  const posting = plan.guarded ? Guardian.post(plan) : Promise.resolve(undefined)
  const prepared = await prepareGap(plan, parts, generation).catch(async (error: unknown) => {
    await (await posting)?.relieve()
    throw error as Error
  })
  const guardian = await posting
  if (plan.guarded && guardian === undefined) plan.say('no guardian could be posted; going on without')
  try {
    for (let attempt = 1; ; attempt++) {
      await awaitQuiet(plan, parts)
      assertInTime(plan)
      await armGap(plan, parts, generation)
      try {
        return await oneGap(plan, parts, checked, prepared)
      } catch (error) {
        if (!(error instanceof PauseTimedOutError)) throw error
        if (attempt >= plan.attempts) {
          throw new TransactionTooLongError(place(plan.from), attempt, [error.message])
        }
        plan.say(`postponed: ${error.message}`)
        await sleep(plan.postponeMs, undefined, { signal: plan.signal })
      }
    }
  } catch (error) {
    // A slot nobody advances would keep the new side's log for ever. Gaps that were given up have tidied already.
    const tidied = error instanceof SwitchoverAbortedError || error instanceof OutcomeUnknownError
    if (!tidied) await tidyLinks(parts, { generation, openSide: 'from' }).catch(() => undefined)
    throw error
  } finally {
    await guardian?.relieve()
    await prepared.discard().catch(() => undefined)
  }
}

/** A gap that cannot end in time is not begun. */
function assertInTime({ notAfterMs, deadlineMs }: SwitchPlan): void {
  if (notAfterMs !== undefined && Date.now() + deadlineMs > notAfterMs)
    throw new WindowClosedError(notAfterMs)
}

async function oneGap(
  plan: SwitchPlan,
  parts: Parts,
  checked: Prechecked,
  prepared: Attempt['prepared'],
): Promise<SwitchResult> {
  const [from, to] = await Promise.all([
    readState(parts.from.control, plan.from.database),
    readState(parts.to.control, plan.to.database),
  ])
  const token = freshToken('switch')
  await claimSide(parts.to.control, plan.to.database, 'closed', to.token, token)
  const clock = new GapClock(plan)
  let sessionsEnded = 0
  let live = parts
  try {
    sessionsEnded = await gap(plan, parts, { states: { from, to }, checked, prepared, token }, clock)
  } catch (error) {
    // Nobody was stopped: the pause took itself back.
    if (error instanceof PauseTimedOutError) throw error
    live = await giveUp(plan, parts, clock, error)
  }
  const gapMs = clock.elapsedMs()
  try {
    const state = await readState(live.to.control, plan.to.database)
    return await remember(plan, live, {
      generation: state.generation,
      gapMs,
      anatomyMs: clock.anatomyMs,
      openSide: plan.to.role,
      token: state.token,
      sessionsEnded,
      superusers: checked.superusers,
      resumed: false,
      ...(await finish(plan, live, state.generation)),
    })
  } finally {
    if (live !== parts) await closeParts(live)
  }
}

/**
 * Ends a gap that failed. Over fresh connections: those of the gap may still be busy with what made it fail, and are ended
 * on the servers first. Gives the fresh ones when the commit point turns out to have been passed, and the switch goes on.
 * @throws SwitchoverAbortedError, OutcomeUnknownError
 */
async function giveUp(plan: SwitchPlan, failed: Parts, clock: GapClock, cause: unknown): Promise<Parts> {
  const aborted = () => new SwitchoverAbortedError(clock.part, plan.from.role, clock.elapsedMs(), { cause })
  let parts: Parts
  try {
    parts = await openParts(plan)
  } catch (error) {
    // Without a commit sent nobody but this run could have opened the new side, and it will not.
    if (clock.commitSent) throw new OutcomeUnknownError(place(plan.to), { cause: error })
    await goBackAlone(plan)
    throw aborted()
  }
  try {
    await endOnServers(parts, failed.processes)
    await lockPair(parts, lockPatienceMs, plan.signal)
    const standing = await settle(plan, parts)
    if (standing.serves === 'to') return parts
    const failure = aborted()
    const { generation } = standing.from
    await tidyLinks(parts, { generation, openSide: 'from' }).catch((error: unknown) => {
      plan.say(`not everything could be tidied: ${error instanceof Error ? error.message : String(error)}`)
    })
    throw failure
  } catch (error) {
    await closeParts(parts)
    throw error
  }
}

/** Opens the old side and lets its clients go on while the new one cannot be reached. */
async function goBackAlone(plan: SwitchPlan): Promise<void> {
  const console = await Console.open(plan.entry.console)
  try {
    await withClient(
      plan.from,
      'switchover',
      async (client) => reopen(client, plan.from.database),
      controlDatabase,
    )
    await settleEntry(plan, console, plan.from)
  } finally {
    await console.close()
  }
}

/** The result is kept on the new side: a run that finds the switch done gives the same answer. */
async function remember(plan: SwitchPlan, parts: Parts, result: SwitchResult): Promise<SwitchResult> {
  await rememberSwitch(parts.to.control, plan.to.database, result)
  return result
}
