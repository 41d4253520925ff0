import type pg from 'pg'
import { sqlState, withClient } from './connections.ts'
import { controlDatabase } from './control-schema.ts'
import type { DatabasePort } from '../database.ts'

/** A position of the log of a server, bytes since its beginning, at an instant. */
export interface LogPosition {
  readonly atMs: number
  readonly bytes: number
}

/** A rate over less than this would be that of a moment. */
const windowMs = 60_000

/**
 * The fastest a log has grown for a minute or longer, bytes per second. Before a minute has been seen, what was seen counts as a
 * whole minute's. Pure.
 */
export function peakRate(positions: readonly LogPosition[]): number {
  const sorted = positions.toSorted((one, other) => one.atMs - other.atMs)
  const last = sorted.at(-1)
  if (last === undefined) return 0
  let peak = 0
  let end = 0
  for (const from of sorted) {
    while (end < sorted.length - 1 && (sorted[end]?.atMs ?? 0) - from.atMs < windowMs) end += 1
    const to = sorted[end] ?? last
    const seconds = Math.max(to.atMs - from.atMs, windowMs) / 1_000
    peak = Math.max(peak, (to.bytes - from.bytes) / seconds)
  }
  return peak
}

/**
 * The peak rate at which the log of a server grows, bytes per second, by all that is known without waiting: the times at which its
 * segments were filled, and the looks of the guard during the last five weeks.
 */
export async function logRate(client: pg.Client, port: DatabasePort): Promise<number> {
  const segments = await filledSegments(client)
  const looks = await keptLooks(port)
  return Math.max(peakRate(segments), peakRate(looks))
}

/** The end of each segment that is still there, with the instant it was last written. */
async function filledSegments(client: pg.Client): Promise<readonly LogPosition[]> {
  const { rows } = await client.query<{ at: number; name: string; size: number; now: number; bytes: number }>(
    `with here as (select pg_current_wal_lsn() as lsn)
     select (extract(epoch from modification) * 1000)::float8 as at, name, size::float8 as size,
            (extract(epoch from clock_timestamp()) * 1000)::float8 as now, (lsn - '0/0')::float8 as bytes
       from here, pg_ls_waldir()
      where name ~ '^[0-9A-F]{24}$' and left(name, 8) = left(pg_walfile_name(lsn), 8) and name <= pg_walfile_name(lsn)
      order by name desc limit 20000`,
  )
  const [current, ...filled] = rows
  if (current === undefined) return []
  return [
    { atMs: current.now, bytes: current.bytes },
    ...filled.map(({ at, name, size }) => ({ atMs: at, bytes: endOfSegment(name, size) })),
  ]
}

/** A name is the timeline, the number of 4 GiB, and that of the segment in them, eight digits each. */
function endOfSegment(name: string, segmentBytes: number): number {
  return parseInt(name.slice(8, 16), 16) * 2 ** 32 + (parseInt(name.slice(16), 16) + 1) * segmentBytes
}

async function keptLooks(port: DatabasePort): Promise<readonly LogPosition[]> {
  try {
    return await withClient(
      port,
      'log-rate',
      async (control) => {
        const { rows } = await control.query<LogPosition>(
          `select (extract(epoch from at) * 1000)::float8 as "atMs", (position - '0/0')::float8 as bytes from log_look`,
        )
        return rows
      },
      controlDatabase,
    )
  } catch (error) {
    // 3D000, 42P01: nothing of ours is on this server yet.
    if (['3D000', '42P01'].includes(sqlState(error) ?? '')) return []
    throw error
  }
}

/** Keeps the position of the log, one for each five minutes of the last five weeks: the peak is seen while nobody assesses. */
export async function keepLogLook(port: DatabasePort): Promise<void> {
  await withClient(
    port,
    'log-rate',
    async (control) => {
      await control.query(
        `insert into log_look (span, at, position)
           values (floor(extract(epoch from clock_timestamp()) / 300)::bigint, clock_timestamp(), pg_current_wal_lsn())
           on conflict (span) do nothing`,
      )
      await control.query(`delete from log_look where at < clock_timestamp() - interval '35 days'`)
    },
    controlDatabase,
  )
}
