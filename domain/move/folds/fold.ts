import type { EventOf, EventType } from '../event.ts'
import type { Migration } from '../migration.ts'
import type { Standing } from '../phase.ts'

/** What an event changes in a move; `undefined` takes the field away. */
export type Change = { -readonly [K in keyof Migration]?: Migration[K] | undefined }
export type Fold<T extends EventType> = (m: Migration, event: EventOf<T>) => Change
/** One fold for each of the types of events named: a table that lacks one does not compile. */
export type Folds<T extends EventType> = { readonly [K in T]: Fold<K> }

/** Where the move stands once its failed step does not hold it up. */
export const unblocked = (m: Migration): Standing => (m.standing === 'blocked' ? 'moving' : m.standing)

/** A step as it goes on after its failure. */
export const withoutFailure = ({
  failure: _failure,
  ...step
}: NonNullable<Migration['step']>): NonNullable<Migration['step']> => step

export const endPhase = (m: Migration, atMs: number): Migration['phaseLog'] =>
  m.phaseLog.map((p) => (p.endedAtMs === undefined ? { ...p, endedAtMs: atMs } : p))
