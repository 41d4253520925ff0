import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { type GivenWaivers, copiesLargeObjects } from '../census/waivers.ts'
import { syncLargeObjects } from '../copy/large-objects.ts'
import { lookForDatabase } from '../copy/make-database.ts'
import type { GaveUp } from '../copy/given-up.ts'
import type { DatabasePort } from '../database.ts'
import { assertAlike } from '../differences/alike.ts'
import { DatabaseServedError, DataDiffersError } from '../errors.ts'
import {
  type ConnectedSide,
  disconnectSides,
  connectSide,
  sessionAs,
  withClient,
} from '../server/connections.ts'
import {
  type SideState,
  ensureControl,
  findServed,
  isStale,
  noteEmptied,
  readState,
} from '../server/control.ts'
import { readAsOwner } from '../server/read-as-owner.ts'
import { terminateSessions } from '../server/sessions.ts'
import { sideName } from '../side-name.ts'
import { SideStaleError } from '../switchover/errors.ts'
import { withPairLock } from '../switchover/parts.ts'
import { verify } from '../verify/verify.ts'
import { OldSideNotClosedError, SideServesElsewhereError } from './errors.ts'
import { noteTables, noteTimeline, tablesMadeAnew } from './known-tables.ts'
import { awaitInitialCopy, followNewTables } from './initial-copy.ts'
import { dropStraySyncSlots, isLinkLost } from './link.ts'
import { whileApplying } from './apply-watch.ts'
import { markerTrip } from './marker.ts'
import { startReplication } from './start.ts'
import { recorded } from './old-side.ts'
import { fenceStale } from './stale-side.ts'
import { createSlotPatiently, dropSlot, linkName, listSlots, ownLinks } from './slots.ts'
import { ensurePublication } from './publication.ts'
import {
  createSubscription,
  detachSubscription,
  endFirstCopy,
  findSubscription,
  listSubscriptions,
  publishedTables,
  serverMajor,
  whyNotApplying,
} from './subscriptions.ts'

export interface ReseedPlan extends GivenWaivers {
  /** The side that serves. */
  readonly serves: DatabasePort
  /** The old side, which no longer follows. */
  readonly follows: DatabasePort
  /** What `follows` was given up by, if it took writes that may be nowhere else: it is emptied all the same. */
  readonly givenUp?: GaveUp | undefined
  readonly copyTimeoutMs: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export interface Reseeded {
  /** Whether the side still followed, so that nothing was emptied. */
  readonly already: boolean
  readonly tables: number
  readonly rows: number
  readonly copyMs: number
  /** Milliseconds that a marker took from one side to the other after the copy. */
  readonly markerMs: number
}

const pairPatienceMs = 15_000
const firstTripMs = 10_000
const lockTimeoutMs = 5_000
/** Limit for open write transactions; the failure names those that stay longer. */
const slotPatienceMs = 120_000
const verifyRounds = 3

/**
 * Makes the old side follow the side that serves again, from scratch and without pausing that side: removes the lost link, empties the
 * tables of the old side, and copies every table again while changes queue. Continues from where it stopped. Nothing is emptied unless the
 * record of the old side says that it is closed, and that everything it took is on the other side.
 * @throws OldSideNotClosedError, DatabaseServedError, SideServesElsewhereError, SidesDifferError, and the errors of `startReplication` if
 * the database is gone; nothing is changed then. After InitialCopyStalledError, InitialCopyFailsError, ApplyFailsError, MarkerLateError and DataDiffersError run it again
 */
export async function reseed(plan: ReseedPlan): Promise<Reseeded> {
  if (await isMissing(plan.follows)) await makeAnew(plan)
  await Promise.all([ensureControl(plan.serves), ensureControl(plan.follows)])
  const serves = await connectSide(plan.serves, 'rearm')
  const follows = await connectSide(plan.follows, 'rearm').catch(async (error: unknown) => {
    await disconnectSides(serves)
    throw error as Error
  })
  try {
    const followed = await once(plan, serves, follows, false)
    // A side that follows may still lack rows: rows lost earlier are not sent again.
    const done =
      followed.differences.length > 0 && followed.already ? await once(plan, serves, follows, true) : followed
    if (done.differences.length > 0) throw new DataDiffersError(done.differences)
    await noteTimeline(serves.app)
    const { already, tables, rows, copyMs, markerMs } = done
    return { already, tables, rows, copyMs, markerMs }
  } finally {
    await disconnectSides(serves, follows)
  }
}

/** Makes one side follow the other, and compares them. With `anew` also if it already follows. */
async function once(
  plan: ReseedPlan,
  serves: ConnectedSide,
  follows: ConnectedSide,
  anew: boolean,
): Promise<Reseeded & { readonly differences: readonly string[] }> {
  const began = Date.now()
  const { link, already } = await withPairLock(
    { from: serves, to: follows },
    pairPatienceMs,
    plan.signal,
    async () => relink(plan, serves, follows, anew),
  )
  const patience = {
    from: plan.serves,
    side: plan.follows,
    timeoutMs: plan.copyTimeoutMs,
    signal: plan.signal,
    say: plan.say,
  }
  await awaitInitialCopy(serves.app, follows.app, link, patience)
  await endFirstCopy(follows.app, link)
  await followNewTables(serves.app, follows.app, link, patience)
  const copyMs = Date.now() - began
  if (copiesLargeObjects(plan)) await syncLargeObjects(serves.app, follows.app)
  const markerMs = await whileApplying(plan.follows, link, plan.signal, async (signal) =>
    trip({ ...plan, signal }, serves, follows, link, plan.copyTimeoutMs),
  )
  if (!already) await follows.app.query('analyze')
  const { differences, tables, rows } = await verify({
    from: plan.serves,
    to: plan.follows,
    except: [],
    largeObjectsAtSwitch: copiesLargeObjects(plan),
    rounds: verifyRounds,
    signal: plan.signal,
    say: plan.say,
  })
  return { already, tables, rows, copyMs, markerMs: Math.round(markerMs), differences }
}

/** Whether a side has no database, or one without a row and a record, as a run leaves it that died while it made it. */
async function isMissing(port: DatabasePort): Promise<boolean> {
  const { exists, tables } = await lookForDatabase(port)
  if (!exists) return true
  if ((await recorded(port)) !== undefined) return false
  return withClient(port, 'rearm', async (client) => holdsNoRow(client, tables))
}

async function holdsNoRow(client: pg.Client, tables: readonly string[]): Promise<boolean> {
  for (const table of tables)
    if (
      (await readAsOwner(client, { table, query: `select 1 from ${table} limit 1`, columns: 'one int' }))
        .length > 0
    )
      return false
  return true
}

/** Creates a missing database with the schema of the side that serves, if the version of its server accepts that schema. */
async function makeAnew({ serves, follows, ...plan }: ReseedPlan): Promise<void> {
  await startReplication({ ...plan, from: serves, to: follows, replace: true, freeze: 'record' })
}

/** Makes sure, under the pair's lock, of a live link: the existing one, or a new one that copies everything. */
async function relink(
  plan: ReseedPlan,
  serves: ConnectedSide,
  follows: ConnectedSide,
  anew: boolean,
): Promise<{ readonly link: string; readonly already: boolean }> {
  const [open, closed] = [
    await readState(serves.control, plan.serves),
    await readState(follows.control, plan.follows),
  ]
  if (open.state !== 'open') throw new SideServesElsewhereError(sideName(plan.serves), sideName(plan.follows))
  const wasGivenUp = isStale(closed, open)
  if (closed.state !== 'closed' && !wasGivenUp)
    throw new OldSideNotClosedError(sideName(plan.follows), closed.state)
  const link = linkName(plan.serves.database, open.generation)
  if (!anew && (await lives(plan, serves, follows, link))) return { link, already: true }
  await assertExpendable(plan, follows, closed, open)
  await assertAlike({ from: serves, to: follows, given: plan, moment: 'precheck', say: plan.say })
  if (wasGivenUp) await fenceStale(plan.serves, plan.follows)
  await takeDown(plan, serves, follows)
  for (const side of [serves, follows]) await ensurePublication(side)
  // The slot is created before anything is emptied, and here: the subscriber would wait for open write transactions without a limit.
  await createSlotPatiently(serves, link, { timeoutMs: slotPatienceMs, signal: plan.signal, say: plan.say })
  await terminateSessions(follows.control, plan.follows, plan.signal)
  await empty(follows.app, await publishedTables(serves.app))
  await noteTables(serves.app, { anew: true })
  // Before anything follows: a run that finds the link alive has nothing left to do here.
  if (wasGivenUp || plan.givenUp !== undefined)
    await noteEmptied(follows.control, plan.follows.database, open.generation)
  plan.say(`${sideName(plan.follows)} is emptied, and copied anew from ${sideName(plan.serves)}`)
  const majors = await Promise.all([serverMajor(serves.app), serverMajor(follows.app)])
  await createSubscription(follows.app, {
    name: link,
    publisher: plan.serves,
    copyData: true,
    createSlot: false,
    enabled: true,
    originNone: majors.every((major) => major >= 16),
  })
  return { link, already: false }
}

/** Makes sure that nothing is emptied that may be nowhere else. @throws SideStaleError, DatabaseServedError */
async function assertExpendable(
  { serves, follows: port, givenUp }: ReseedPlan,
  follows: ConnectedSide,
  closed: SideState,
  open: SideState,
): Promise<void> {
  const served = await findServed(follows.control, port.database)
  if (givenUp !== undefined || (served === undefined && closed.state === 'closed')) return
  if (isStale(closed, open))
    throw new SideStaleError(sideName(port), closed.generation, sideName(serves), open.generation)
  if (served !== undefined) throw new DatabaseServedError(sideName(port), served.generation, served.openedAt)
}

/** Whether the side follows, or is being copied into for an interrupted run. */
async function lives(
  plan: ReseedPlan,
  serves: ConnectedSide,
  follows: ConnectedSide,
  link: string,
): Promise<boolean> {
  const found = await findSubscription(follows.app, link)
  if (found?.enabled !== true || !found.applyRunning) return false
  if ((await isLinkLost(serves.app, follows.app, link)) !== undefined) return false
  // What such a table held before it came under its name may have been sent to nobody.
  if ((await tablesMadeAnew(serves.app)).length > 0) return false
  if (found.notReady.length > 0) return true
  return trip(plan, serves, follows, link, firstTripMs).then(
    () => true,
    () => false,
  )
}

async function trip(
  plan: ReseedPlan,
  serves: ConnectedSide,
  follows: ConnectedSide,
  link: string,
  timeoutMs: number,
): Promise<number> {
  return markerTrip({
    from: { client: serves.app, label: sideName(plan.serves) },
    to: { client: follows.app, label: sideName(plan.follows) },
    name: 'rearm',
    token: randomUUID(),
    timeoutMs,
    reason: async () => whyNotApplying(follows.app, link),
    signal: plan.signal,
  })
}

/** Removes the links of the pair in both directions: with both alive a row would return to its origin. */
async function takeDown(plan: ReseedPlan, serves: ConnectedSide, follows: ConnectedSide): Promise<void> {
  for (const [subscriber, publisher] of [
    [follows, serves],
    [serves, follows],
  ] as const) {
    const names = (await listSubscriptions(subscriber.app)).map(({ name }) => name)
    for (const one of ownLinks(publisher.port.database, names)) await detachSubscription(subscriber.app, one)
    for (const one of ownLinks(publisher.port.database, await listSlots(publisher.app)))
      await dropSlot(publisher.app, one)
    const strays = await dropStraySyncSlots(publisher.app, subscriber.app)
    if (strays > 0) plan.say(`${String(strays)} slots of copies that were never done are dropped`)
  }
}

/** Empties all tables in one statement, whatever their references; the application's triggers do not fire. */
async function empty(client: pg.Client, tables: readonly string[]): Promise<void> {
  if (tables.length === 0) return
  await client.query(
    `begin; set local lock_timeout = ${String(lockTimeoutMs)}; ${sessionAs('replica', 'local')};
     truncate table ${tables.join(', ')}; commit`,
  )
}
