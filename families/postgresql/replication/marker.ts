import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { countSchemaChanges } from './ddl-freeze.ts'
import { MarkerLateError } from './errors.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { assertOwnSchema } from '../server/own-places.ts'
import { sideName } from '../side-name.ts'
import type { Said } from '../../../domain/words/message.ts'

/**
 * The schema `qianyun` in the application's database, equal on both sides and replicated: markers that prove a round trip, the record of
 * schema changes, and the list of tables that are replicated by whole rows. Keys are random, or are written only on the side that serves,
 * so that rows of both sides never collide.
 */
export const ownSchema = 'qianyun'

const tables = `
create table if not exists qianyun.marker (
  name text primary key,
  token text not null,
  written_at timestamptz not null default clock_timestamp(),
  lsn pg_lsn not null default pg_current_wal_insert_lsn()
);
create table if not exists qianyun.ddl (
  id text primary key default md5(random()::text || clock_timestamp()::text),
  command text not null,
  object text not null,
  by_role text not null,
  at timestamptz not null default clock_timestamp()
);
alter table qianyun.ddl add column if not exists statement text;
create table if not exists qianyun.whole_row (name text primary key);
alter table qianyun.whole_row add column if not exists had text not null default 'default';
`

/**
 * Creates our tables if they are missing, and lets the application's roles write the marker for the public probe.
 * @throws OwnPlaceTakenError when the schema is somebody else's: the owner of the database may make one at any time
 */
export async function ensureMarker({
  app: client,
  port,
}: Pick<ConnectedSide, 'app' | 'port'>): Promise<void> {
  await client.query('set client_min_messages = warning; create schema if not exists qianyun')
  await assertOwnSchema(client, sideName(port))
  await client.query(tables)
  for (const role of port.appRoles) {
    const name = client.escapeIdentifier(role)
    await client.query(
      `grant usage on schema qianyun to ${name}; grant select, insert, update on qianyun.marker to ${name}`,
    )
  }
}

export const writeMarkerSql = `insert into qianyun.marker as m (name, token) values ($1, $2)
  on conflict (name) do update
    set token = excluded.token, written_at = clock_timestamp(), lsn = pg_current_wal_insert_lsn()`

export async function writeMarker(client: pg.Client, name: string, token: string): Promise<void> {
  await client.query({ name: 'qianyun-marker-write', text: writeMarkerSql, values: [name, token] })
}

export async function readMarker(client: pg.Client, name: string): Promise<string | undefined> {
  const { rows } = await client.query<{ token: string }>({
    name: 'qianyun-marker-read',
    text: 'select token from qianyun.marker where name = $1',
    values: [name],
  })
  return rows[0]?.token
}

/** The state of the closed side at its last marker. */
export interface LastWord {
  /** Number of recorded schema changes since replication began. */
  readonly schemaChanges: number
  readonly largeObjects: boolean
}

/** Writes the marker of a gap; the same statement looks at what is not replicated. */
export async function writeLastMarker(client: pg.Client, name: string, token: string): Promise<LastWord> {
  const { rows } = await client.query<LastWord>({
    name: 'qianyun-marker-last',
    text: `${writeMarkerSql} returning ${countSchemaChanges} as "schemaChanges",
             exists (select from pg_largeobject_metadata) as "largeObjects"`,
    values: [name, token],
  })
  return rows[0] ?? { schemaChanges: 0, largeObjects: false }
}

/**
 * The time of the newest marker that only a side that serves writes, in milliseconds by the clock of that side's server. On the side
 * that follows, everything acknowledged before that time has arrived. The application may write it as well, with any time at all: none is believed that
 * has not come.
 */
export async function newestArrivedMs(client: pg.Client): Promise<number | undefined> {
  const { rows } = await client.query<{ at: number | null }>(
    `select (extract(epoch from least(max(written_at), clock_timestamp())) * 1000)::float8 as at
       from qianyun.marker where name in ('way-back', 'probe') and isfinite(written_at)`,
  )
  return rows[0]?.at ?? undefined
}

/** The position of a marker in the WAL of the server on which it was written. */
export async function readMarkerLsn(client: pg.Client, name: string): Promise<string | undefined> {
  const { rows } = await client.query<{ lsn: string }>(
    'select lsn::text as lsn from qianyun.marker where name = $1',
    [name],
  )
  return rows[0]?.lsn
}

export interface MarkerTrip {
  readonly from: { readonly client: pg.Client; readonly label: string }
  readonly to: { readonly client: pg.Client; readonly label: string }
  readonly name: string
  readonly token: string
  readonly timeoutMs: number
  readonly everyMs?: number
  /** Returns the reason of the receiving side if the marker is late. */
  readonly reason?: () => Promise<Said | undefined>
  /** Returns why nothing is applied at this moment. After `standsStillMs` of standstill the wait for the marker ends. */
  readonly standsStill?: () => Promise<Said | undefined>
  readonly signal?: AbortSignal
}

const standsStillMs = 60_000
const looksEveryMs = 1_000

/**
 * Writes a token on one side and waits until it is read on the other. One apply worker applies in commit order, so everything committed
 * before the token has arrived too.
 * @returns the milliseconds it took
 * @throws MarkerLateError
 */
export async function markerTrip(trip: MarkerTrip): Promise<number> {
  const began = performance.now()
  await writeMarker(trip.from.client, trip.name, trip.token)
  await awaitMarker(trip, began)
  return performance.now() - began
}

/** Waits for a token that the other side has written. @throws MarkerLateError */
export async function awaitMarker(
  { from, to, name, token, timeoutMs, everyMs = 2, reason, standsStill, signal }: MarkerTrip,
  began = performance.now(),
): Promise<void> {
  let [lookedAt, movedAt] = [began, began]
  while ((await readMarker(to.client, name)) !== token) {
    signal?.throwIfAborted()
    const now = performance.now()
    if (now - began > timeoutMs) {
      throw new MarkerLateError(from.label, to.label, timeoutMs, await reason?.())
    }
    if (standsStill !== undefined && now - lookedAt > looksEveryMs) {
      lookedAt = now
      const still = await standsStill()
      if (still === undefined) movedAt = now
      if (now - movedAt > standsStillMs)
        throw new MarkerLateError(from.label, to.label, Math.round(now - began), still)
    }
    await sleep(everyMs)
  }
}
