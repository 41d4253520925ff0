import type { z } from 'zod'
import type { Method, MethodFacts } from './method.ts'
import type { Place } from './plan.ts'

/** What a plan's rules ask of the families there are. */
export interface KnownFamily {
  /** The schema of one side of a dataset in a plan. */
  readonly place: z.ZodType
  /** The kinds of endpoints of which one stands in front of each dataset; empty if its datasets are not switched. */
  readonly entries: readonly string[]
  /** Whether several of its datasets can be switched at one decision point. */
  readonly switchesTogether?: true
  /** How a dataset of it crosses; undefined where the family does not say. */
  method(facts: MethodFacts<Place>): Method | undefined
  samePlace(one: Place, other: Place): boolean
  /** Fills a place with what it takes of the files of the playbook that deploys the application. */
  filled?(
    place: Place,
    files: ReadonlyMap<string, string>,
  ): { readonly place: Place; readonly missing: readonly string[] }
}
export type KnownFamilies = Readonly<Record<string, KnownFamily>>
