import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Entry, OpenEntry } from '../entry/entry.ts'
import { jobsOffAlone } from '../jobs/off-alone.ts'
import { type ConnectedSide, disconnectSides, connectSide } from '../server/connections.ts'
import {
  type SideState,
  freshToken,
  openClosedSide,
  readState,
  rememberSwitch,
  wasOpenedAlone,
} from '../server/control.ts'
import { newestArrivedMs } from '../replication/marker.ts'
import { refreshMaterializedViews } from '../copy/matviews.ts'
import { setSequencesAlone } from './sequence-columns.ts'
import { otherSuperusers } from '../server/sessions.ts'
import { dropSlot, listSlots, ownLinks } from '../replication/slots.ts'
import { detachSubscription, isFirstCopy, listSubscriptions } from '../replication/subscriptions.ts'
import type { DatabasePort } from '../database.ts'
import {
  SideIncompleteError,
  SideOpenAlreadyError,
  SwitchUnfinishedError,
  WritersWaitError,
} from './errors.ts'
import { publicProbe } from './finish.ts'
import { assertGone, heardFrom } from './other-side.ts'
import { lockSide } from './parts.ts'
import type { SwitchResult } from './plan.ts'
import { type NamedSide, sideName } from '../side-name.ts'

/** Parts of an opening without the other side, in order. */
export const aloneParts = ['gone', 'pause', 'detach', 'sequences', 'open', 'switch'] as const
export type AlonePart = (typeof aloneParts)[number]

/** The input for opening one side while the side that served is gone for good. */
export interface AlonePlan {
  /** The side that served, and whose server is gone. */
  readonly gone: DatabasePort
  /** The side that will serve. */
  readonly to: DatabasePort
  readonly entry: Entry
  readonly lookTimeoutMs: number
  /** Limit of the pause; clients that then still wait for an answer of the side `gone` are cut off. */
  readonly pauseTimeoutMs: number
  readonly sequenceMargin: number
  /** Whether the side is opened although a copy into it was interrupted, so that tables lack rows. */
  readonly evenIncomplete?: boolean
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  readonly onPart?: (part: AlonePart) => void
}

/** What is known before the side is opened; stored with its state. */
interface AloneRecord {
  readonly generation: number
  /**
   * ISO 8601. Every write that the side `gone` had acknowledged by then is here; later ones are unknown. It is the time of the newest
   * marker, by the clock of the side `gone`, or else the moment when this side was closed.
   */
  readonly currentUntil: string
  /** Sequences whose position on the other side is unknown, so their numbers may be issued twice. */
  readonly unprovenSequences: readonly string[]
}

/** The result of an opening: that of a switch, without a measured gap and without a way back. */
export type AloneResult = AloneRecord & {
  /** Jobs of schedulers inside the server that are off, each with the statement that puts it on. */
  readonly jobsOff?: readonly string[]
} & Omit<SwitchResult, keyof AloneRecord | 'gapMs' | 'gapBound' | 'resumedBy' | 'markerLsn'>

const lockPatienceMs = 15_000
/** pgbouncer retries an unreachable server only after a while (default: 15 seconds). */
const probePatienceMs = 30_000

/**
 * Makes the side `to` serve without the other side. May be killed anywhere and run again, because it reads the state of the side first.
 * Writes that the other side took and did not hand on are lost.
 * @throws OtherSideAnswersError, SideOpenAlreadyError, SideIncompleteError and the refusals of the entry, which change nothing;
 * WritersWaitError and SwitchUnfinishedError, which leave `to` serving
 */
export async function openAlone(plan: AlonePlan): Promise<AloneResult> {
  const side = await connectSide(plan.to, 'switchover')
  let entry: OpenEntry | undefined
  try {
    entry = await plan.entry.open()
    await lockSide(side, performance.now() + lockPatienceMs, plan.signal)
    const found = await readState(side.control, plan.to)
    if (found.state === 'closed') await open(plan, side, entry, found)
    const state = await readState(side.control, plan.to)
    const known = recordOf(state)
    if (known === undefined) return await finishAlone(plan, side, entry, state)
    return await conclude(plan, side, entry, { state, known, resumed: found.state === 'open' })
  } finally {
    await disconnectSides(side)
    await entry?.close()
  }
}

/**
 * Finishes a switch with both sides that has opened this one, and whose last parts need a side that is gone by now: points the entry
 * here, and drops what keeps WAL for the other side. Every write from before the switch is here.
 * @throws SideOpenAlreadyError while the other side gives a sign of life; then the ordinary switch can finish
 */
async function finishAlone(
  plan: AlonePlan,
  side: ConnectedSide,
  entry: OpenEntry,
  state: SideState,
): Promise<AloneResult> {
  if ((await heardFrom(plan.gone, plan.lookTimeoutMs)) !== undefined)
    throw new SideOpenAlreadyError(sideName(plan.to))
  await detach(plan, side)
  const known: AloneRecord = {
    generation: state.generation,
    currentUntil: new Date(state.changedAtMs).toISOString(),
    unprovenSequences: [],
  }
  return conclude(plan, side, entry, { state, known, resumed: true, isOrdinary: true })
}

/** The record of a side that was opened alone; other sides have none. */
function recordOf(state: SideState): AloneRecord | undefined {
  return wasOpenedAlone(state) ? (state.lastSwitch as unknown as AloneRecord) : undefined
}

async function open(plan: AlonePlan, side: ConnectedSide, entry: OpenEntry, state: SideState): Promise<void> {
  await entry.checkAlone(plan)
  if (plan.evenIncomplete !== true) await assertComplete(plan, side)
  plan.onPart?.('gone')
  await assertGone({ ...plan, side })
  plan.signal.throwIfAborted()
  plan.onPart?.('pause')
  await entry.pauseOrCut(plan.pauseTimeoutMs)
  try {
    plan.onPart?.('detach')
    // Must come first: a server that comes back must find nobody that applies its changes.
    await detach(plan, side)
    plan.onPart?.('sequences')
    const unprovenSequences = await setSequencesAlone(side.app, plan.sequenceMargin)
    const arrivedMs = Math.max(state.changedAtMs, (await newestArrivedMs(side.app)) ?? 0)
    const record: AloneRecord = {
      // The side `gone` was opened in the next generation.
      generation: state.generation + 2,
      currentUntil: new Date(arrivedMs).toISOString(),
      unprovenSequences,
    }
    plan.onPart?.('open')
    await openOnRecord(side.control, plan.to, state.token, record)
  } catch (error) {
    // Clients that wait for a dead server get errors.
    await entry.resume().catch(() => undefined)
    throw error
  }
}

/** Writes state and record in one transaction, so that an open side shows how it was opened. */
async function openOnRecord(
  control: pg.Client,
  side: NamedSide,
  expected: string,
  record: AloneRecord,
): Promise<void> {
  await control.query('begin')
  try {
    await openClosedSide(control, side, expected, freshToken('alone'), record.generation)
    await rememberSwitch(control, side.database, record)
    await control.query('commit')
  } catch (error) {
    await control.query('rollback')
    throw error
  }
}

/**
 * Refuses a side that is being seeded anew: it was emptied, including its markers, and holds only part of the data.
 * @throws SideIncompleteError while tables wait for their first copy from the side `gone`
 */
async function assertComplete({ gone, to }: AlonePlan, { app }: ConnectedSide): Promise<void> {
  const links = await listSubscriptions(app)
  const own = ownLinks(
    gone.database,
    links.map(({ name }) => name),
  )
  const missing = links.filter(({ name }) => own.includes(name)).flatMap(({ notReady }) => notReady)
  const copies = await Promise.all(own.map(async (name) => isFirstCopy(app, name)))
  const { rowCount } = await app.query('select from qianyun.marker limit 1')
  if (missing.length === 0 && (rowCount === 0 || copies.includes(true))) missing.push('qianyun.marker')
  if (missing.length > 0) throw new SideIncompleteError(sideName(to), missing)
}

async function detach({ gone, to }: AlonePlan, { app }: ConnectedSide): Promise<void> {
  const names = (await listSubscriptions(app)).map(({ name }) => name)
  for (const name of ownLinks(gone.database, names)) await detachSubscription(app, name)
  for (const name of ownLinks(to.database, await listSlots(app))) await dropSlot(app, name)
}

async function conclude(
  plan: AlonePlan,
  side: ConnectedSide,
  entry: OpenEntry,
  opened: { state: SideState; known: AloneRecord; resumed: boolean; isOrdinary?: true },
): Promise<AloneResult> {
  plan.onPart?.('switch')
  const { state, known, resumed, isOrdinary } = opened
  const { gone, to } = plan
  const serving = { pair: { from: gone, to }, serving: to, justOpened: !resumed }
  await entry
    .settle(serving, async () => undefined)
    .catch((error: unknown) => {
      throw new WritersWaitError(plan.entry.name, to, { cause: error })
    })
  try {
    const probe = await patientProbe(plan)
    const staleViews = await refreshMaterializedViews(side.app)
    const jobsOff = await jobsOffAlone(to, side.control)
    for (const job of jobsOff) plan.say(`a scheduled job is off on ${sideName(to)}: ${job}`)
    const result: AloneResult = {
      generation: known.generation,
      currentUntil: known.currentUntil,
      unprovenSequences: known.unprovenSequences,
      undoneGaps: [],
      moments: { openedAt: new Date(state.changedAtMs).toISOString() },
      anatomyMs: {},
      openSide: to.called,
      token: state.token,
      armed: false,
      unarmedReason: 'the other side is gone',
      probe,
      ...(staleViews.length === 0 ? {} : { staleViews }),
      superusers: await otherSuperusers(side.control, to),
      ...(jobsOff.length === 0 ? {} : { jobsOff }),
      resumed,
    }
    // The record of an ordinary switch there contains more.
    if (!isOrdinary) await rememberSwitch(side.control, to.database, result)
    return result
  } catch (error) {
    throw new SwitchUnfinishedError(to, { cause: error })
  }
}

async function patientProbe({ entry, to, signal }: AlonePlan): Promise<SwitchResult['probe']> {
  const deadline = performance.now() + probePatienceMs
  for (;;) {
    const probe = await publicProbe({ entry, to }, randomUUID())
    if (probe.ok || performance.now() > deadline) return probe
    await sleep(200, undefined, { signal })
  }
}
