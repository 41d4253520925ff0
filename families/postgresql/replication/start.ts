import { randomUUID } from 'node:crypto'
import { assertFit, findingsBeforeReplication, findingsOf } from '../census/findings.ts'
import { waivedFor } from '../census/judge.ts'
import { type GivenWaivers, copiesLargeObjects } from '../census/waivers.ts'
import { pour } from '../copy/client-tools.ts'
import { type Side, closeSideConnections, openSide, withClient } from '../server/connections.ts'
import { beginClosed, beginOpen, ensureControl } from '../server/control.ts'
import { type DdlFreeze, freezeDdl } from './ddl-freeze.ts'
import { SchemaDiffersError, TargetNotEmptyError } from '../errors.ts'
import { syncLargeObjects } from '../copy/large-objects.ts'
import { clearTarget, lookForDatabase, makeDatabase } from '../copy/make-database.ts'
import { refreshMaterializedViews } from '../copy/matviews.ts'
import { ensureMarker, markerTrip } from './marker.ts'
import { copyDatabaseAttributes, copyRoles } from '../copy/roles.ts'
import { compareSchemas } from '../verify/schema-compare.ts'
import { terminateSessions } from '../server/sessions.ts'
import { createSlotPatiently, dropSlot, linkName } from './slots.ts'
import {
  awaitInitialCopy,
  createSubscription,
  ensurePublication,
  findSubscription,
  followNewTables,
  serverMajor,
  whyNotApplying,
} from './subscriptions.ts'
import type { DatabasePort } from '../database.ts'
import { SideServesElsewhereError } from './errors.ts'
import { forgetStale, releaseClosed } from './old-side.ts'
import { sideName } from '../side-name.ts'
import { setIdentities } from './whole-rows.ts'

/** Bounds of the waits for people's transactions, where the copy itself may take longer. */
const slotPatienceMs = 300_000
const lockPatienceMs = 600_000

export interface ReplicationPlan extends GivenWaivers {
  readonly from: DatabasePort
  readonly to: DatabasePort
  /** A target that holds tables already is dropped and made anew. */
  readonly replace: boolean
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
  /** Milliseconds a marker took from one side to the other once everything was there. */
  readonly markerMs: number
  readonly copyMs: number
  /** Replication was running already and was only looked at. */
  readonly already: boolean
}

/**
 * Makes `to` follow `from`, and everything a later switch and its way back need: publications on both sides, markers, the
 * schema frozen, both sides' states on record with the new one closed. Harmless when repeated; goes on where it stopped.
 * @throws CensusRefusedError with every problem found, SideStaleError, TargetNotEmptyError, InitialCopyStalledError,
 * MarkerLateError
 */
export async function startReplication(plan: ReplicationPlan): Promise<ReplicationResult> {
  await forgetStale(plan.from, plan.to)
  const running = await alreadyRunning(plan)
  if (!running) await prepareTarget(plan)
  const began = Date.now()
  await Promise.all([ensureControl(plan.from), ensureControl(plan.to)])
  const from = await openSide(plan.from, 'replicate')
  const to = await openSide(plan.to, 'replicate').catch(async (error: unknown) => {
    await closeSideConnections(from)
    throw error as Error
  })
  try {
    const waived = await prepareBoth(plan, from, to)
    const { generation, state } = await beginOpen(from.control, plan.from)
    const { state: other } = await beginClosed(to.control, plan.to)
    if (state !== 'open' || other !== 'closed')
      throw new SideServesElsewhereError(sideName(plan.from), sideName(plan.to))
    await terminateSessions(to.control, plan.to, plan.signal)
    const name = linkName(plan.from.database, generation)
    await subscribe(plan, from, to, name)
    const copyMs = Date.now() - began
    const largeObjects = copiesLargeObjects(plan) ? await syncLargeObjects(from.app, to.app) : 0
    if (!running) {
      for (const failed of await refreshMaterializedViews(to.app)) plan.say(`not computed: ${failed}`)
      await to.app.query('analyze')
    }
    return {
      generation,
      tables: (await lookForDatabase(plan.to)).tables.length,
      waived,
      largeObjects,
      markerMs: await roundTrip(plan, from, to, name),
      copyMs,
      already: running,
    }
  } finally {
    await closeSideConnections(from, to)
  }
}

/** Whether the new side already subscribes: then its tables are replication's own, not somebody's data. */
async function alreadyRunning({ to }: ReplicationPlan): Promise<boolean> {
  if (!(await lookForDatabase(to)).exists) return false
  return withClient(to, 'look', async (client) => {
    const { rowCount } = await client.query(
      `select from pg_subscription s join pg_database d on d.oid = s.subdbid
        where d.datname = current_database() and s.subname like 'qianyun\\_%'`,
    )
    return rowCount !== 0
  })
}

/** Census, roles, database and schema. Nothing is changed before the census has passed. */
async function prepareTarget(plan: ReplicationPlan): Promise<void> {
  const { from, to, signal } = plan
  await census(plan)
  const { tables } = await lookForDatabase(to)
  await clearTarget(to, plan.replace)
  if (tables.length > 0 || !(await lookForDatabase(to)).exists) await releaseClosed(to)
  await withClient(from, 'replicate', async (source) =>
    withClient(
      to,
      'replicate',
      async (target) => {
        const made = await copyRoles(source, target, from)
        if (made.length > 0) plan.say(`roles made: ${made.join(', ')}`)
      },
      'postgres',
    ),
  )
  await makeDatabase(from, to)
  await withClient(from, 'replicate', async (source) => {
    const fromMajor = await serverMajor(source)
    await pour({ from, fromMajor, to, schemaOnly: true, signal })
    await withClient(to, 'replicate', async (target) =>
      copyDatabaseAttributes(source, target, { from: from.database, to: to.database }),
    )
  })
  plan.say('schema copied')
}

async function census({ from, to, replace, ...given }: ReplicationPlan): Promise<void> {
  const { exists, tables } = await lookForDatabase(to)
  if (tables.length > 0 && !replace) throw new TargetNotEmptyError(sideName(to), tables)
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

/** What both sides get alike, so that each can be left for the other. Gives the tables whose keys waivers decide. */
async function prepareBoth(plan: ReplicationPlan, from: Side, to: Side): Promise<readonly string[]> {
  const findings = await findingsOf({ client: from.app, port: plan.from }, plan)
  const full = waivedFor(findings, 'whole-row-key')
  const own = waivedFor(findings, 'own-key')
  const nothing = waivedFor(findings, 'only-added-to')
  for (const side of [from, to]) await ensureMarker(side.app, side.port.appRoles)
  const { copyTimeoutMs, signal, say } = plan
  const timeoutMs = Math.min(copyTimeoutMs, lockPatienceMs)
  await setIdentities(from, to, { full, default: own, nothing }, { timeoutMs, signal, say })
  for (const side of [from, to]) {
    await ensurePublication(side.app)
    await freezeDdl(side.app, plan.freeze)
  }
  const differences = await compareSchemas(
    { client: from.app, label: sideName(plan.from) },
    { client: to.app, label: sideName(plan.to) },
  )
  if (differences.length > 0) throw new SchemaDiffersError(differences, [])
  return [...full, ...own, ...nothing]
}

async function subscribe(plan: ReplicationPlan, from: Side, to: Side, name: string): Promise<void> {
  if ((await findSubscription(to.app, name)) === undefined) {
    // Left over from a run that ended between making the slot and recording its subscriber.
    await dropSlot(from.app, name)
    // Made here and not by the subscriber, which would wait for every open write transaction without bound or word.
    const timeoutMs = Math.min(plan.copyTimeoutMs, slotPatienceMs)
    await createSlotPatiently(from, name, { timeoutMs, signal: plan.signal, say: plan.say })
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
  const patience = { side: plan.to, timeoutMs: plan.copyTimeoutMs, signal: plan.signal, say: plan.say }
  await awaitInitialCopy(to.app, name, patience)
  await followNewTables(from.app, to.app, name, patience)
}

async function roundTrip(plan: ReplicationPlan, from: Side, to: Side, name: string): Promise<number> {
  const ms = await markerTrip({
    from: { client: from.app, label: sideName(plan.from) },
    to: { client: to.app, label: sideName(plan.to) },
    name: 'replicate',
    token: randomUUID(),
    timeoutMs: plan.copyTimeoutMs,
    reason: async () => whyNotApplying(to.app, name),
    signal: plan.signal,
  })
  return Math.round(ms)
}
