import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { DatasetLook } from '../../domain/measurement/replication-health.ts'
import type { LookedAtMove, WatchedMove } from '../../domain/move/watched-move.ts'
import type { Waivers } from '../../domain/plan/waiving.ts'
import type { Said } from '../../domain/words/message.ts'
import type { WayBackPorts, WayBackWatcher } from '../way-back.ts'
import { lookAfterForward } from './replication/look-after.ts'
import { type PublisherLook, type SubscriberLook, type WalStatus, healthOf } from './health-findings.ts'
import { assertNotStale } from './replication/old-side.ts'
import { whileServing } from './replication/while-serving.ts'
import { fingerprintOf } from './differences/fingerprint.ts'
import { type KnownDifferences, WatchedDifferences } from './differences/watched.ts'
import { endClient, oneRow, openClient } from './server/connections.ts'
import { readMarker, writeMarker } from './replication/marker.ts'
import { linkPrefix, ownLinks } from './replication/slots.ts'
import { whoIsStillWaitedFor } from './server/waiting.ts'
import { publishNewTables } from './replication/publication.ts'
import { giveApplyRights } from './replication/apply-role.ts'
import { tablesMadeAnew } from './replication/known-tables.ts'
import { dropStandIns, passShortLived, wordsOf } from './replication/unknown-tables.ts'
import { listSubscriptions, publishedTables, tablesNotFollowed } from './replication/subscriptions.ts'
import { type DatabasePort, answering } from './database.ts'
import { OutageWatch } from './outage-watch.ts'
import { ReturnWatch } from './return-watch.ts'

interface Connections {
  newSide?: pg.Client
  oldSide?: pg.Client
  /** What the sides were found to differ in, and goes on being looked for. */
  differing?: WatchedDifferences
  outage?: OutageWatch
  returning?: ReturnWatch
}

const sideTimeoutMs = 4_000
/** Far more than any question of a look takes on a busy server. */
const lookTimeoutMs = 20_000
/** Long enough for a marker to arrive on a healthy pair, so that the first look already knows its age. */
const markerPatienceMs = 400
const markerName = 'way-back'

/** Looks at the reverse replication of moves in retention, again and again, over connections it keeps. */
export class PostgresWayBack implements WayBackWatcher {
  readonly maxLagMs = { lab: 10_000, production: 300_000 }
  /** By migration, and by dataset. */
  private readonly connections = new Map<string, Map<string, Connections>>()

  /** Whatever is asked here has an answer in time, or fails: a side may freeze in the middle of a look. */
  constructor(
    private readonly ports: WayBackPorts<DatabasePort>['opened'],
    private readonly answersWithinMs = lookTimeoutMs,
  ) {}

  private opened(...side: Parameters<WayBackPorts<DatabasePort>['opened']>): DatabasePort {
    return answering(this.ports(...side), this.answersWithinMs)
  }

  /** Writes a marker on the new side and measures how old what has arrived is. */
  async look(move: LookedAtMove, dataset: string): Promise<DatasetLook> {
    const ofMove = this.connections.get(move.migration) ?? new Map<string, Connections>()
    this.connections.set(move.migration, ofMove)
    const kept = ofMove.get(dataset) ?? {}
    ofMove.set(dataset, kept)
    const { waivers } = move.plan
    const [newSide, oldSide] = [this.opened(move, dataset, 'target'), this.opened(move, dataset, 'source')]
    kept.returning ??= new ReturnWatch(newSide, oldSide)
    return lookAtWayBack(newSide, oldSide, kept, waivers)
  }

  async lookAfterForward(move: LookedAtMove, dataset: string): Promise<readonly Said[]> {
    return lookAfterForward(this.opened(move, dataset, 'source'), this.opened(move, dataset, 'target'))
  }

  /** @throws SideStaleError, NewSideNotServingError, NewSideUnknownError */
  async whileServing(
    move: WatchedMove,
    dataset: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void> {
    const recorded = move.switches.at(-1)?.result.generation
    // A cutover that was found done has lost its figures.
    const generation = recorded === 0 ? undefined : recorded
    const newSide = this.opened(move, dataset, 'target')
    // A new side that came back after the old one was opened without it is open by its own record too.
    await assertNotStale(this.opened(move, dataset, 'source'), newSide)
    await whileServing(newSide, generation, signal, work)
  }

  keepOnly(moves: readonly Pick<WatchedMove, 'migration'>[]): void {
    const wanted = new Set(moves.map(({ migration }) => migration))
    for (const [migration, ofMove] of this.connections) {
      if (wanted.has(migration)) continue
      this.connections.delete(migration)
      void endAll(ofMove)
    }
  }

  async stop(): Promise<void> {
    const all = [...this.connections.values()]
    this.connections.clear()
    await Promise.all(all.map(endAll))
  }
}

async function endAll(ofMove: ReadonlyMap<string, Connections>): Promise<void> {
  await Promise.all(
    [...ofMove.values()].map(async ({ newSide, oldSide, differing, outage, returning }) =>
      Promise.all([
        endClient(newSide, oldSide),
        differing?.settled(),
        outage?.settled(),
        returning?.settled(),
      ]),
    ),
  )
}

/**
 * One look at the way back of a pair that was switched: `newSide` serves, `oldSide` follows it. Keeps connections in
 * `kept` and forgets those that failed.
 */
export async function lookAtWayBack(
  newSide: DatabasePort,
  oldSide: DatabasePort,
  kept: Connections = {},
  waivers: Waivers = [],
): Promise<DatasetLook> {
  const token = randomUUID()
  const published = await bounded(kept, 'newSide', newSide, async (client) =>
    publisherLook(client, newSide, token),
  )
  const received = await bounded(kept, 'oldSide', oldSide, async (client) =>
    subscriberLook(client, newSide, published && { token, tables: published.tables }),
  )
  const stops = await stoppedAt(kept, received)
  kept.outage ??= new OutageWatch(newSide)
  const outage = kept.outage.left(published?.keepableWalBytes, waivers)
  const obstacles = kept.returning?.obstacles(waivers)
  const differing = await differencesKnown(kept, { newSide, oldSide }, { published, received })
  return {
    health: healthOf(published, received && { ...received, stopsAt: stops }, differing, outage, obstacles),
    reached: { old: received !== undefined, new: published !== undefined },
  }
}

/** Lets the way back go on past tables that the new side had for a short time. Gives those at which it stops for good, in words. */
async function stoppedAt(
  { newSide, oldSide }: Connections,
  received: SubscriberLook | undefined,
): Promise<readonly string[]> {
  if (received?.link === undefined || newSide === undefined || oldSide === undefined) return []
  try {
    const { passes, stops } = await passShortLived(newSide, oldSide, received.link)
    if (received.applyRunning && !passes && stops.length === 0) await dropStandIns(oldSide)
    return wordsOf(stops)
  } catch {
    // A side that went away is found by the next look.
    return []
  }
}

/** Time the look that meets a change gives the comparison it begins: otherwise the next look has the answer. */
const comparisonPatienceMs = 1_500

/** What the sides differ in, as far as it is known: whoever goes back would meet it. */
async function differencesKnown(
  kept: Connections,
  { newSide, oldSide }: { readonly newSide: DatabasePort; readonly oldSide: DatabasePort },
  look: { readonly published: PublisherLook | undefined; readonly received: SubscriberLook | undefined },
): Promise<KnownDifferences> {
  const { published, received } = look
  // That a side does not answer is a finding of its own.
  if (published === undefined || received === undefined) return { objects: [] }
  kept.differing ??= new WatchedDifferences(newSide, oldSide)
  return kept.differing.look(published.fingerprint, received.fingerprint, comparisonPatienceMs)
}

async function publisherLook(client: pg.Client, port: DatabasePort, token: string): Promise<PublisherLook> {
  const { rows } = await client.query<{
    name: string
    status: WalStatus | null
    retained: number | null
    keepable: number | null
  }>(
    `select slot_name::text as name, to_jsonb(s) ->> 'wal_status' as status,
            pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::float8 as retained,
            (to_jsonb(s) ->> 'safe_wal_size')::float8 as keepable
       from pg_replication_slots s where database = current_database() and slot_name like $1`,
    [`${linkPrefix(port.database).replaceAll('_', '\\_')}%`],
  )
  const [newest] = ownLinks(
    port.database,
    rows.map(({ name }) => name),
  ).toSorted(byGeneration)
  const slot = rows.find(({ name }) => name === newest)
  const { nowMs, openedAtMs } = await oneRow<{ nowMs: number; openedAtMs: number | null }>(
    client,
    `select (extract(epoch from clock_timestamp()) * 1000)::float8 as "nowMs",
            (select (extract(epoch from min(written_at)) * 1000)::float8 from qianyun.marker where isfinite(written_at)) as "openedAtMs"`,
  )
  await writeMarker(client, markerName, token)
  await publishNewTables(client)
  return {
    nowMs,
    tables: await publishedTables(client),
    madeAnew: await tablesMadeAnew(client),
    fingerprint: await fingerprintOf(client),
    ...(slot === undefined || slot.status === null ? {} : { slotWalStatus: slot.status }),
    ...(slot === undefined || slot.retained === null ? {} : { retainedWalBytes: slot.retained }),
    ...(slot === undefined || slot.keepable === null ? {} : { keepableWalBytes: slot.keepable }),
    ...(openedAtMs === null ? {} : { openedAtMs }),
  }
}

async function subscriberLook(
  client: pg.Client,
  newSide: DatabasePort,
  published: { readonly token: string; readonly tables: readonly string[] } | undefined,
): Promise<SubscriberLook> {
  const all = await listSubscriptions(client)
  const [newest] = ownLinks(
    newSide.database,
    all.map(({ name }) => name),
  ).toSorted(byGeneration)
  const found = all.find(({ name }) => name === newest)
  const deadline = Date.now() + markerPatienceMs
  while (published && Date.now() < deadline && (await readMarker(client, markerName)) !== published.token) {
    await sleep(10)
  }
  const isLate = published !== undefined && (await readMarker(client, markerName)) !== published.token
  const waitsFor = isLate && found !== undefined ? await whoIsStillWaitedFor(client, found.name) : []
  const { rows } = await client.query<{ at: number }>(
    'select (extract(epoch from written_at) * 1000)::float8 as at from qianyun.marker where name = $1 and isfinite(written_at)',
    [markerName],
  )
  const notFollowed = published && found && (await tablesNotFollowed(client, found.name, published.tables))
  // A table may be new, or have another owner, since the role that applies was given its rights.
  if ((notFollowed?.length ?? 0) > 0 || found?.applyRunning === false)
    await giveApplyRights(client).catch(() => undefined)
  return {
    ...(notFollowed && { notFollowed: notFollowed.length }),
    waitsFor,
    // One that has never failed need not be looked at.
    ...(found !== undefined && found.enabled && found.applyErrors !== 0 && { link: found.name }),
    fingerprint: await fingerprintOf(client),
    enabled: found?.enabled ?? false,
    applyRunning: found?.applyRunning ?? false,
    applyErrors: found?.applyErrors ?? 0,
    ...(rows[0] === undefined ? {} : { markerWrittenAtMs: rows[0].at }),
  }
}

/** Looks at one side within its time; undefined when it did not answer, and its connection is then made anew next time. */
async function bounded<T>(
  kept: Connections,
  which: 'newSide' | 'oldSide',
  port: DatabasePort,
  work: (client: pg.Client) => Promise<T>,
): Promise<T | undefined> {
  const attempt = async (): Promise<T> => {
    let client = kept[which]
    if (client === undefined) {
      client = await openClient(answering(port, sideTimeoutMs), 'way-back')
      await client.query(`set statement_timeout = ${sideTimeoutMs}`)
      kept[which] = client
    }
    return work(client)
  }
  const late = sleep(sideTimeoutMs, undefined, { ref: false }).then(() => {
    throw new Error('the side did not answer in time')
  })
  try {
    return await Promise.race([attempt(), late])
  } catch {
    const client = kept[which]
    Reflect.deleteProperty(kept, which)
    void endClient(client)
    return undefined
  } finally {
    late.catch(() => undefined)
  }
}

/** The newest direction first. */
function byGeneration(one: string, other: string): number {
  return generationOf(other) - generationOf(one)
}

function generationOf(name: string): number {
  return Number(/\d+$/.exec(name)?.[0] ?? 0)
}
