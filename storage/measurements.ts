import type pg from 'pg'
import type { MeasurementsPort } from '../domain/ports/measurements.ts'
import type { WayBackMeasurement } from '../domain/move/way-back.ts'

const hourMs = 3_600_000

/** Figures taken again and again. They are not events: a steady state adds nothing to any history. */
export class MeasurementStore implements MeasurementsPort {
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

  /**
   * When the newest marker was written that is known to have arrived on the old side, milliseconds: it has what was acknowledged
   * before. Undefined when no look has told.
   */
  async newestArrivalMs(migration: string): Promise<number | undefined> {
    const { rows } = await this.pool.query<{ at: number }>(
      `select at_ms - (content ->> 'markerAgeMs')::float8 as at from way_back_measurement
        where migration = $1 and content ->> 'markerAgeMs' is not null order by at_ms desc limit 1`,
      [migration],
    )
    return rows[0]?.at
  }

  /**
   * Of the looks before an instant keeps the last of each hour, so that a move's newest one stays however old it is. Every
   * change of state is an event anyway. Gives how many were removed.
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
