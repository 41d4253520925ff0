import type pg from 'pg'
import type { WriteGap } from '../../../domain/measurement/write-gap.ts'

/** Who resumed the writers: the run that had paused them, its guardian, or the next run. */
export type GapEnder = 'runner' | 'guardian' | 'next-run'

/** A write gap, as recorded on the side `from`. */
export interface RecordedGap {
  /** Instants by the clock of that side's server, ISO 8601. */
  readonly beganAt: string
  readonly endedAt?: string
  readonly endedBy?: GapEnder
  /** Undefined if the end is not on record, or if the clock was set back meanwhile. */
  readonly gap: WriteGap
}

/*
 * Both ends of a gap are instants of one clock, that of the server of the side `from`, which takes part in every gap, also in one that
 * is undone. The beginning is recorded before the first writer waits, the end after the last one was resumed. So recording does not
 * lengthen the gap, and the figure is never too small.
 */

/** Records that writers are about to be paused for the switch to `generation`. */
export async function beginGap(control: pg.Client, database: string, generation: number): Promise<void> {
  await control.query('insert into cutover_gap (database, generation) values ($1, $2)', [
    database,
    generation,
  ])
}

/** Milliseconds since the beginning of a gap without a recorded end; undefined if there is none. */
export async function openGapMs(control: pg.Client, database: string): Promise<number | undefined> {
  const { rows } = await control.query<{ ms: number }>(
    `select (extract(epoch from clock_timestamp() - began_at) * 1000)::float8 as ms
       from cutover_gap where database = $1 and ended_at is null order by number desc limit 1`,
    [database],
  )
  return rows[0]?.ms
}

/** Records that writers were resumed `agoMs` ago; an end that is already recorded stays. */
export async function endGap(
  control: pg.Client,
  database: string,
  end: {
    readonly by: GapEnder
    readonly bound?: 'at-most'
    readonly agoMs?: number
    /** Whether the file of the entry also leads to the side that serves. */
    readonly settled?: boolean
  },
): Promise<void> {
  await control.query(
    `update cutover_gap set ended_at = clock_timestamp() - make_interval(secs => $2 / 1000.0), ended_by = $3, bound = $4,
            settled_at = case when $5 then clock_timestamp() end
      where database = $1 and ended_at is null`,
    [database, end.agoMs ?? 0, end.by, end.bound ?? null, end.settled ?? false],
  )
}

/** Records that the entry leads to the side that serves, so nothing is left to do there. */
export async function settleGaps(control: pg.Client, database: string): Promise<void> {
  await control.query(
    'update cutover_gap set settled_at = clock_timestamp() where database = $1 and settled_at is null',
    [database],
  )
}

/** Whether a gap has begun without a record that its entry leads to the side that serves. */
export async function hasUnsettledGap(control: pg.Client, database: string): Promise<boolean> {
  const { rowCount } = await control.query(
    'select from cutover_gap where database = $1 and settled_at is null limit 1',
    [database],
  )
  return rowCount !== 0
}

/** The gaps of one generation, oldest first: the undone ones, then the one that switched. */
export async function readGaps(
  control: pg.Client,
  database: string,
  generation: number,
): Promise<readonly RecordedGap[]> {
  const { rows } = await control.query<{
    beganAt: Date
    endedAt: Date | null
    endedBy: GapEnder | null
    ms: number | null
    bound: 'at-most' | null
  }>(
    `select began_at as "beganAt", ended_at as "endedAt", ended_by as "endedBy", bound,
            (extract(epoch from ended_at - began_at) * 1000)::float8 as ms
       from cutover_gap where database = $1 and generation = $2 order by number`,
    [database, generation],
  )
  return rows.map(({ beganAt, endedAt, endedBy, ms, bound }) => ({
    beganAt: beganAt.toISOString(),
    ...(endedAt === null ? {} : { endedAt: endedAt.toISOString() }),
    ...(endedBy === null ? {} : { endedBy }),
    gap: gapOf(ms, bound),
  }))
}

function gapOf(ms: number | null, bound: 'at-most' | null): WriteGap {
  if (ms === null || ms <= 0) return {}
  // Rounded up, so that no gap becomes 0.
  const gapMs = Math.ceil(ms * 10) / 10
  return bound === null ? { gapMs } : { gapMs, gapBound: bound }
}
