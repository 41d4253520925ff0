import type { WayBackMeasurement } from '../move/way-back.ts'

/** Figures taken again and again. They are not events: a steady state adds nothing to any history. */
export interface MeasurementsPort {
  addWayBack(migration: string, measurement: WayBackMeasurement): Promise<void>
  /** The newest looks at the way back, newest first. */
  recentWayBack(migration: string, limit: number): Promise<readonly WayBackMeasurement[]>
  /** The instant up to which the old side is known to have everything of a dataset; undefined when no look has told. */
  newestArrivalMs(migration: string, dataset: string): Promise<number | undefined>
}
