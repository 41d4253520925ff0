import type { MigrationEvent } from '../domain/move/event.ts'
import type { Migration } from '../domain/move/migration.ts'
import type { MigrationStore } from './migrations.ts'

/** The moves as their events add up, whatever state is stored beside them. */
export class FoldedMoves {
  constructor(private readonly moves: Pick<MigrationStore, 'find' | 'events' | 'rebuildProjection'>) {}

  /** The newest move of the system with this name, or the move with this id; undefined if there is neither. */
  async find(systemOrMigration: string): Promise<Migration | undefined> {
    const stored = await this.moves.find(systemOrMigration)
    return stored && this.moves.rebuildProjection(stored.migration)
  }

  /** @throws NotStoredError */
  async get(migration: string): Promise<Migration> {
    return this.moves.rebuildProjection(migration)
  }

  async events(migration: string): Promise<readonly MigrationEvent[]> {
    return this.moves.events(migration)
  }
}
