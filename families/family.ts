import type { z } from 'zod'
import type { Finding } from '../domain/assessment/finding.ts'
import type { LocalText } from '../domain/identifier.ts'
import type { ListedKind } from '../runner/steps/kind.ts'

/**
 * What can be said of a family without reaching a dataset. `Place` is one side of a dataset, as a plan has it. A declaration
 * stands in the family's `declaration.ts`, which is pure: zod and domain/ only.
 */
export interface FamilyDeclaration<Place> {
  readonly name: string
  readonly title: LocalText
  /** The schema of one side of a dataset in a plan. */
  readonly place: z.ZodType<Place>
  /** The kinds of endpoints that stand in front of its datasets. */
  readonly endpoints: readonly string[]
  /** The kinds of steps it brings. */
  readonly steps: readonly ListedKind[]
  /** Whether two places are one and the same: a side that is another one as well would be wiped while it is the only copy. */
  samePlace(one: Place, other: Place): boolean
}

/** What a look at a dataset that is to move found, and what it comes to. */
export interface DatasetAssessment<Facts> {
  readonly facts: Facts
  /** Those that a waiver of the plan covers carry its reason. */
  readonly findings: readonly Finding[]
  /** What is to be upgraded on the way, for people: `PostgreSQL 11.2 → 15.8`. */
  readonly upgrades: readonly string[]
}
