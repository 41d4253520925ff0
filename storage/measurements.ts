import type pg from 'pg'
import type { WayBackMeasurement } from '../domain/way-back.ts'

/** One look at whether the application answers. */
export interface AvailabilityProbe {
  readonly atMs: number
  readonly good: boolean
  readonly latencyMs?: number
  /** What was found when it was not good. */
  readonly found?: string
}

/** What the probes of one stretch of time come to. */
export interface ProbeSummary {
  readonly probes: number
  readonly failures: number
  /** Share of good probes; 0 when there were none, because nothing was seen to work. */
  readonly availability: number
  /** From the first bad probe of a row of them to the next good one, or to the end. */
  readonly longestOutageMs: number
  /** How many such rows there were. */
  readonly outages: number
}

/** Figures taken again and again. They are not events: a steady state adds nothing to any history. */
export class MeasurementStore {
  constructor(private readonly pool: pg.Pool) {}

  async addWayBack(migration: string, measurement: WayBackMeasurement): Promise<void> {
    await this.pool.query(
      'insert into way_back_measurement (migration, at_ms, content) values ($1, $2, $3) on conflict do nothing',
      [migration, measurement.atMs, JSON.stringify(measurement)],
    )
  }

  /** The newest looks at the way back, newest first. */
  async recentWayBack(migration: string, limit: number): Promise<WayBackMeasurement[]> {
    const { rows } = await this.pool.query<{ content: WayBackMeasurement }>(
      'select content from way_back_measurement where migration = $1 order by at_ms desc limit $2',
      [migration, limit],
    )
    return rows.map((row) => row.content)
  }

  /** Adds probes of one round of a trial run. The same ones again are harmless. */
  async addProbes(migration: string, round: number, probes: readonly AvailabilityProbe[]): Promise<void> {
    await this.pool.query(
      `insert into availability_probe (migration, round, at_ms, good, latency_ms, found)
       select $1, $2, * from unnest($3::bigint[], $4::boolean[], $5::float8[], $6::text[])
       on conflict do nothing`,
      [
        migration,
        round,
        probes.map((probe) => probe.atMs),
        probes.map((probe) => probe.good),
        probes.map((probe) => probe.latencyMs ?? null),
        probes.map((probe) => probe.found?.replaceAll('\0', '') ?? null),
      ],
    )
  }

  /** When the last probe of a round was made; undefined before the first. A killed prober goes on from there. */
  async lastProbeAtMs(migration: string, round: number): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ at_ms: string | null }>(
      'select max(at_ms) as at_ms from availability_probe where migration = $1 and round = $2',
      [migration, round],
    )
    const atMs = rows[0]?.at_ms
    return atMs === null || atMs === undefined ? undefined : Number(atMs)
  }

  /** Counts the probes of one round up to `untilMs`. */
  async summariseProbes(migration: string, round: number, untilMs: number): Promise<ProbeSummary> {
    const { rows } = await this.pool.query<SummaryRow>(summary, [migration, round, untilMs])
    const [row] = rows
    const probes = Number(row?.probes ?? 0)
    const failures = Number(row?.failures ?? 0)
    return {
      probes,
      failures,
      availability: probes === 0 ? 0 : (probes - failures) / probes,
      longestOutageMs: Number(row?.longest_outage_ms ?? 0),
      outages: Number(row?.outages ?? 0),
    }
  }

  /** Removes what is older; what a report needs has been summarised in it. */
  async prune(beforeMs: number): Promise<number> {
    const looks = await this.pool.query('delete from way_back_measurement where at_ms < $1', [beforeMs])
    const probes = await this.pool.query('delete from availability_probe where at_ms < $1', [beforeMs])
    return (looks.rowCount ?? 0) + (probes.rowCount ?? 0)
  }
}

interface SummaryRow {
  probes: string
  failures: string
  longest_outage_ms: string | null
  outages: string
}

/** A row of bad probes is those with the same number of good ones before them. */
const summary = `
  with probe as (
    select at_ms, good,
           lead(at_ms) over (order by at_ms) as next_at_ms,
           count(*) filter (where good) over (order by at_ms) as good_before
      from availability_probe where migration = $1 and round = $2 and at_ms <= $3
  ), outage as (
    select coalesce(max(next_at_ms) filter (where next_at_ms is not null), max(at_ms)) as seen_ms,
           bool_or(next_at_ms is null) as lasts, min(at_ms) as from_ms
      from probe where not good group by good_before
  )
  select (select count(*) from probe) as probes,
         (select count(*) from probe where not good) as failures,
         (select count(*) from outage) as outages,
         (select max((case when lasts then $3::bigint else seen_ms end) - from_ms) from outage) as longest_outage_ms`
