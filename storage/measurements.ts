import type pg from 'pg'
import type { MeasurementsPort } from '../domain/ports/measurements.ts'
import type { WayBackMeasurement } from '../domain/move/way-back.ts'
import { type EarlierLook, earlierLagOf, readLook } from './recorded-look.ts'

const hourMs = 3_600_000

/** Repeated measurements. They are no events, so that a steady state adds nothing to a history. */
export class MeasurementStore implements MeasurementsPort {
  constructor(private readonly pool: pg.Pool) {}

  async addWayBack(migration: string, measurement: WayBackMeasurement): Promise<void> {
    await this.pool.query(
      'insert into way_back_measurement (migration, at_ms, content) values ($1, $2, $3) on conflict do nothing',
      [migration, measurement.atMs, JSON.stringify(measurement)],
    )
  }

  /** The latest measurements of the way back, newest first. */
  async recentWayBack(migration: string, limit: number): Promise<WayBackMeasurement[]> {
    const { rows } = await this.pool.query<{ content: WayBackMeasurement | EarlierLook }>(
      'select content from way_back_measurement where migration = $1 order by at_ms desc limit $2',
      [migration, limit],
    )
    return rows.map((row) => readLook(row.content))
  }

  /**
   * The instant (milliseconds) up to which the old side is known to have all changes of a dataset; undefined if no measurement says
   * so.
   */
  async newestArrivalMs(migration: string, dataset: string): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ at: number }>(
      `select at_ms - lag::float8 as at
         from way_back_measurement,
              coalesce(content #>> array['datasets', $2, 'lagMs'], content ->> $3) as lag
        where migration = $1 and lag is not null order by at_ms desc limit 1`,
      [migration, dataset, earlierLagOf[dataset] ?? ''],
    )
    return rows[0]?.at
  }

  /**
   * Removes measurements before an instant, except the last one of each hour, so the newest one of a move always stays. Changes of
   * state are events and are not affected.
   * @returns how many were removed
   */
  async thinWayBack(beforeMs: number): Promise<number> {
    const { rowCount } = await this.pool.query(
      `delete from way_back_measurement as look
        where at_ms < $1 and exists (
          select from way_back_measurement as later
           where later.migration = look.migration and later.at_ms > look.at_ms
             and later.at_ms < (look.at_ms / $2::bigint + 1) * $2::bigint)`,
      [beforeMs, hourMs],
    )
    return rowCount ?? 0
  }
}
