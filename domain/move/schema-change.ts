import type { Actor } from '../organisation.ts'
import type { StepFailure } from './event.ts'

/** What is asked for: a change of the schema on both sides while the old one follows the new one. */
export interface SchemaChangeAsked {
  /** SHA-256 of the stored `{ sql }`. */
  readonly sqlDigest: string
  /** The beginning of each statement, for people. */
  readonly statements: readonly string[]
  /** Where a system has several databases. */
  readonly dataset?: string
  /** The role it is made as, where the tables have several owners. */
  readonly role?: string
  readonly reason: string
}

/**
 * The newest schema change of a move. `refused`: nothing was changed. `failed`: one side may have it, and the same text given
 * again finishes it.
 */
export interface SchemaChange extends SchemaChangeAsked {
  /** The sequence at which it was asked for first: what one change is known by on both sides, however often it is tried. */
  readonly id: number
  readonly by: Actor
  readonly state: 'running' | 'made' | 'refused' | 'failed'
  readonly atMs: number
  readonly failure?: StepFailure
  /** One side may have it and the other not, since a try that ended in between. */
  readonly isHalfMade?: true
  /** Tables that are followed from then on. */
  readonly newTables?: readonly string[]
  /** How long statements may have waited for it on the side that serves. */
  readonly heldMs?: number
}

/** Failures after which neither side has anything of a change, unless an earlier try of it was cut off. */
const harmless: ReadonlySet<string> = new Set(['switchover-busy', 'schema-change-refused'])

/** Whether a try that failed so leaves it open what stands on which side. */
export const mayHalfMake = ({ code }: StepFailure): boolean => !harmless.has(code)
