import { randomUUID } from 'node:crypto'
import { assertFit, findingsBeforeReplication, findingsOf } from '../census/findings.ts'
import { waivedFor } from '../census/judge.ts'
import { type GivenWaivers, copiesLargeObjects } from '../census/waivers.ts'
import { assertCanDump } from '../copy/client-tools.ts'
import { pour } from '../copy/pour.ts'
import { type ConnectedSide, disconnectSides, connectSide, withClient } from '../server/connections.ts'
import { beginClosed, beginOpen, ensureControl } from '../server/control.ts'
import { type DdlFreeze, freezeDdl } from './ddl-freeze.ts'
import { TargetNotEmptyError } from '../errors.ts'
import { syncLargeObjects } from '../copy/large-objects.ts'
import { findsCopiedSchema, noteCopiedSchema } from '../copy/copied-schema.ts'
import { emptyTables } from '../copy/empty-tables.ts'
import { clearTarget, lookForDatabase, makeDatabase } from '../copy/make-database.ts'
import { refreshMaterializedViews } from '../copy/matviews.ts'
import { ensureMarker, markerTrip } from './marker.ts'
import { assertAlike } from '../differences/alike.ts'
import { alikeMarker } from '../differences/carry.ts'
import { copyDatabaseAttributes, copyRoles, withRolesOf } from '../copy/roles.ts'
import { terminateSessions } from '../server/sessions.ts'
import { ensureApplyRole } from './apply-role.ts'
import { whileApplying } from './apply-watch.ts'
import { abandonFirstCopy, awaitInitialCopy, followNewTables } from './initial-copy.ts'
import { type SlotFound, dropStraySyncSlots, lookAtSlot } from './link.ts'
import { createSlotPatiently, dropSlot, isLink, linkName, ownLinks } from './slots.ts'
import { ensurePublication } from './publication.ts'
import {
  createSubscription,
  detachSubscription,
  endFirstCopy,
  findSubscription,
  listSubscriptions,
  serverMajor,
  whyNotApplying,
  whyStandingStill,
} from './subscriptions.ts'
import type { DatabasePort } from '../database.ts'
import { SideServesElsewhereError, InitialCopyFailsError } from './errors.ts'
import { ReplicationNotLiveError } from '../switchover/errors.ts'
import { isOnAnotherTimeline, noteTables } from './known-tables.ts'
import { neverCatchesUp, passOver, passOverAll } from './pass-over.ts'
import { releaseClosed } from './old-side.ts'
import { fenceStale, mayReplaceStale } from './stale-side.ts'
import { sideName } from '../side-name.ts'
import { relink } from './relink.ts'
import { protectOwnSessions } from './own-sessions.ts'
import { setIdentities } from './whole-rows.ts'

/** Limits of the waits for transactions of others; the copy itself may take longer. */
const slotPatienceMs = 300_000
const lockPatienceMs = 600_000

export interface ReplicationPlan extends GivenWaivers {
  readonly from: DatabasePort
  readonly to: DatabasePort
  /** Whether a target with tables, or one whose replication can never catch up, is dropped and created again. */
  readonly replace: boolean
  /** Where a dump is kept of a target that served; with it the target may be dropped although it may hold writes that no other side has. */
  readonly replaceServed?: { readonly dump: string }
  readonly freeze: DdlFreeze
  readonly copyTimeoutMs: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export interface ReplicationResult {
  readonly generation: number
  readonly tables: number
  readonly waived: readonly string[]
  readonly largeObjects: number
  /** Milliseconds that a marker took from one side to the other after the copy. */
  readonly markerMs: number
  readonly copyMs: number
  /** Whether replication was already running and was only checked. */
  readonly already: boolean
  /** The slot on the side that serves, with the WAL kept for it. */
  readonly slot: SlotFound
}

/**
 * Makes `to` follow `from`, and prepares a later switch and its way back: publications on both sides, markers, the schema freeze, and the
 * records of both sides with `to` closed. Idempotent; continues from where it stopped.
 * @throws CensusRefusedError with every problem found, SidesDifferError, SideStaleError, TargetNotEmptyError, DatabaseServedError,
 * LinkLostError, InitialCopyFailsError, InitialCopyStalledError, ApplyFailsError, MarkerLateError
 */
export async function startReplication(plan: ReplicationPlan): Promise<ReplicationResult> {
  const isStale = await mayReplaceStale(plan.from, plan.to, plan.replaceServed)
  const running = !isStale && (await alreadyRunning(plan))
  if (!running) await prepareTarget(plan, isStale)
  const began = Date.now()
  await Promise.all([ensureControl(plan.from), ensureControl(plan.to)])
  const from = await connectSide(plan.from, 'replicate')
  const to = await connectSide(plan.to, 'replicate').catch(async (error: unknown) => {
    await disconnectSides(from)
    throw error as Error
  })
  try {
    const waived = await prepareBoth(plan, from, to, running)
    const { generation, state } = await beginOpen(from.control, plan.from)
    const { state: other } = await beginClosed(to.control, plan.to)
    if (state !== 'open' || other !== 'closed')
      throw new SideServesElsewhereError(sideName(plan.from), sideName(plan.to))
    await terminateSessions(to.control, plan.to, plan.signal)
    const name = linkName(plan.from.database, generation)
    await relink(plan, from, to, generation)
    await subscribe(plan, from, to, name).catch(async (error: unknown) => {
      if (error instanceof InitialCopyFailsError) await abandonFirstCopy(to, name, plan.say)
      throw error as Error
    })
    const copyMs = Date.now() - began
    const largeObjects = copiesLargeObjects(plan) ? await syncLargeObjects(from.app, to.app) : 0
    const views = await refreshMaterializedViews(to.app, running ? 'empty' : 'all')
    for (const failed of views) plan.say(`not computed: ${failed}`)
    if (!running) await to.app.query('analyze')
    return {
      generation,
      tables: (await lookForDatabase(plan.to)).tables.length,
      waived,
      largeObjects,
      markerMs: await roundTrip(plan, from, to, name),
      copyMs,
      already: running,
      slot: await slotOf(plan, from, name),
    }
  } finally {
    await disconnectSides(from, to)
  }
}

/**
 * Whether `to` already subscribes, so that its tables belong to this replication. If they can never catch up, throws, or with `replace`
 * removes the link.
 * @throws LinkLostError, TablesMadeAnewError
 */
async function alreadyRunning({ from, to, replace, say }: ReplicationPlan): Promise<boolean> {
  if (!(await lookForDatabase(to)).exists) return false
  return withClient(to, 'look', async (subscriber) => {
    const names = (await listSubscriptions(subscriber)).map(({ name }) => name)
    const links = ownLinks(from.database, names)
    if (links.length === 0) return names.some(isLink)
    return withClient(from, 'look', async (publisher) => {
      const [name = ''] = links
      const never = links.length > 1 ? undefined : await neverCatchesUp(publisher, subscriber, name, from, to)
      if (never === undefined && !(replace && (await isOnAnotherTimeline(publisher)))) return true
      if (never !== undefined && !replace) throw never
      say(
        `${never?.message ?? `The server of ${sideName(from)} was promoted or recovered.`} Everything is copied anew.`,
      )
      for (const one of links) await detachSubscription(subscriber, one)
      await dropSlot(publisher, name)
      await dropStraySyncSlots(publisher, subscriber)
      return false
    })
  })
}

/** Census, then roles, database and schema. Nothing is changed before the census has passed. */
async function prepareTarget(plan: ReplicationPlan, isStale: boolean): Promise<void> {
  const { from, to, signal } = plan
  const stands = !isStale && !plan.replace && (await findsCopiedSchema(from, to))
  await census(plan, stands)
  if (stands) {
    plan.say('the schema that an earlier run copied is gone on with')
    return
  }
  await assertCanDump(await withClient(from, 'census', serverMajor))
  // The record there also shows whether the database served earlier.
  await ensureControl(to)
  const { tables } = await lookForDatabase(to)
  if (isStale && plan.replace) await fenceStale(from, to)
  await clearTarget(to, plan.replace, plan.replaceServed)
  if (isStale || tables.length > 0 || !(await lookForDatabase(to)).exists) await releaseClosed(to)
  await withClient(from, 'replicate', async (source) =>
    withClient(
      to,
      'replicate',
      async (target) => {
        const { made } = await copyRoles(source, target, from)
        if (made.length > 0) plan.say(`roles made: ${made.join(', ')}`)
      },
      'postgres',
    ),
  )
  await makeDatabase(from, to)
  await withClient(from, 'replicate', async (source) => {
    const fromMajor = await serverMajor(source)
    const sides = { from, to }
    await withRolesOf(sides, async () => pour({ ...sides, fromMajor, schemaOnly: true, signal }), plan.say)
    await withClient(to, 'replicate', async (target) => {
      const emptied = await emptyTables(target)
      if (emptied.length > 0)
        plan.say(
          `filled as they were made, and emptied for the rows of ${sideName(from)}: ${emptied.join(', ')}`,
        )
      const names = { from: from.database, to: to.database }
      await withRolesOf(sides, async () => copyDatabaseAttributes(source, target, names), plan.say)
    })
  })
  await noteCopiedSchema(from, to)
  plan.say('schema copied')
}

async function census(
  { from, to, replace, ...given }: ReplicationPlan,
  hasOwnSchema: boolean,
): Promise<void> {
  const { exists, tables } = await lookForDatabase(to)
  if (tables.length > 0 && !replace && !hasOwnSchema) throw new TargetNotEmptyError(sideName(to), tables)
  const findings = await withClient(from, 'census', async (source) =>
    withClient(
      to,
      'census',
      async (target) =>
        findingsBeforeReplication(
          { client: source, port: from },
          { client: target, port: to },
          { ...given, toStays: exists && !replace },
        ),
      exists ? to.database : 'postgres',
    ),
  )
  assertFit(findings)
}

/** Prepares both sides alike, so that a switch works in either direction. Returns the tables whose keys waivers decide. */
async function prepareBoth(
  plan: ReplicationPlan,
  from: ConnectedSide,
  to: ConnectedSide,
  running: boolean,
): Promise<readonly string[]> {
  const findings = await findingsOf({ client: from.app, port: plan.from }, plan)
  const full = waivedFor(findings, 'whole-row-key')
  const own = waivedFor(findings, 'own-key')
  const nothing = waivedFor(findings, 'only-added-to')
  for (const side of [from, to]) await protectOwnSessions(side)
  // The side that follows comes first: a row with a column that it lacks would stop it.
  for (const side of [to, from]) await ensureMarker(side)
  // The comparison below writes this row on the side `to`. An earlier direction may have left one here, which the first copy would bring.
  if (!running) await from.app.query('delete from qianyun.marker where name = $1', [alikeMarker(to.port)])
  const { copyTimeoutMs, signal, say } = plan
  const timeoutMs = Math.min(copyTimeoutMs, lockPatienceMs)
  await setIdentities(from, to, { full, default: own, nothing }, { timeoutMs, signal, say })
  for (const side of [from, to]) {
    await ensurePublication(side)
    await ensureApplyRole(side.app)
    if (!(await freezeDdl(side.app, plan.freeze)))
      say(
        `schema changes on ${sideName(side.port)} are neither recorded nor refused, since its administrator may make no event trigger; they show as both sides are compared`,
      )
  }
  // What stands in on this side for a moment would count as a difference. Where replication stops for good, that is the better error.
  if (running) await passOverAll(from, to, signal)
  await assertAlike({ from, to, given: plan, moment: 'replicate', say: plan.say })
  return [...full, ...own, ...nothing]
}

async function subscribe(
  plan: ReplicationPlan,
  from: ConnectedSide,
  to: ConnectedSide,
  name: string,
): Promise<void> {
  if ((await findSubscription(to.app, name)) === undefined) {
    // A run may have ended between creating the slot and recording its subscriber.
    await dropSlot(from.app, name)
    // Created here, because the subscriber would wait for open write transactions without a limit.
    const timeoutMs = Math.min(plan.copyTimeoutMs, slotPatienceMs)
    await createSlotPatiently(from, name, { timeoutMs, signal: plan.signal, say: plan.say })
    await noteTables(from.app, { anew: true })
    const majors = await Promise.all([serverMajor(from.app), serverMajor(to.app)])
    await createSubscription(to.app, {
      name,
      publisher: plan.from,
      copyData: true,
      createSlot: false,
      enabled: true,
      originNone: majors.every((major) => major >= 16),
    })
  }
  const patience = {
    from: plan.from,
    side: plan.to,
    timeoutMs: plan.copyTimeoutMs,
    signal: plan.signal,
    say: plan.say,
  }
  await awaitInitialCopy(from.app, to.app, name, patience)
  await endFirstCopy(to.app, name)
  await followNewTables(from.app, to.app, name, patience)
}

async function slotOf({ say }: ReplicationPlan, from: ConnectedSide, name: string): Promise<SlotFound> {
  const slot = await lookAtSlot(from.app, name)
  if (slot.status !== 'reserved')
    say(
      `slot "${name}" on ${sideName(from.port)} is ${slot.status}: ${String(slot.retainedBytes ?? 0)} bytes of log are kept for it`,
    )
  return slot
}

async function roundTrip(
  plan: ReplicationPlan,
  from: ConnectedSide,
  to: ConnectedSide,
  name: string,
): Promise<number> {
  const stops = await passOver(from, to, name, plan.signal)
  if (stops !== undefined) throw new ReplicationNotLiveError(name, sideName(plan.to), stops)
  const ms = await whileApplying(plan.to, name, plan.signal, async (signal) =>
    markerTrip({
      from: { client: from.app, label: sideName(plan.from) },
      to: { client: to.app, label: sideName(plan.to) },
      name: 'replicate',
      token: randomUUID(),
      timeoutMs: plan.copyTimeoutMs,
      reason: async () => whyNotApplying(to.app, name),
      standsStill: async () => whyStandingStill(to.app, name),
      signal,
    }),
  )
  return Math.round(ms)
}
