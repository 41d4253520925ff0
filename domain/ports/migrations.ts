import type { MigrationEvent } from '../move/event.ts'
import type { Migration } from '../move/migration.ts'

/** The moves as they are recorded: the events, and for each move what they add up to. */
export interface MigrationsPort {
  /**
   * Records events of one move, all or none; those recorded before are skipped. `run` names the run of the workflow that
   * says them. Gives the move.
   * @throws EventConflictError EventGapError
   */
  append(events: readonly MigrationEvent[], run?: string): Promise<Migration>
  /** The events of one move, in order. */
  events(migration: string): Promise<readonly MigrationEvent[]>
  /** @throws NotStoredError */
  get(migration: string): Promise<Migration>
  /** The newest move of a system of this name, or the move of this id; undefined when there is neither. */
  find(systemOrMigration: string): Promise<Migration | undefined>
  /** How far a move has come; 0 when nothing of it is recorded. */
  sequenceOf(migration: string): Promise<number>
  listNotOver(): Promise<readonly Migration[]>
}
