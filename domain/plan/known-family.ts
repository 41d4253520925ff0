import type { z } from 'zod'
import type { Place } from './plan.ts'

/** What a plan's rules ask of the families there are. */
export interface KnownFamily {
  /** The schema of one side of a dataset in a plan. */
  readonly place: z.ZodType
  /** Whether its datasets are switched from one side to the other, in front of which an endpoint of `entry` stands. */
  readonly entry?: string
  samePlace(one: Place, other: Place): boolean
}
export type KnownFamilies = Readonly<Record<string, KnownFamily>>
