import { CancellationScope, condition } from '@temporalio/workflow'
import type { SchemaChange } from '../../domain/move/schema-change.ts'
import { zoneOf } from '../../domain/plan/places.ts'
import { onBothSides } from './activities.ts'
import { describeFailure } from './describe-failure.ts'
import type { MigrationState } from './state.ts'

/**
 * Makes schema changes beside whatever step the move is at: one is needed above all where a step is blocked for want of it.
 * A run ends when none is under way.
 */
export class SchemaChanges {
  private running: CancellationScope | undefined
  private stopped = false

  constructor(private readonly state: MigrationState) {}

  /** Makes those that are asked for, one after another, until the run ends. */
  async keepMaking(): Promise<void> {
    for (;;) {
      await condition(() => this.stopped || this.wanted() !== undefined)
      const change = this.wanted()
      if (this.stopped || change === undefined) return
      await this.make(change)
    }
  }

  /** None is asked for that is not ended. */
  async idle(): Promise<void> {
    await condition(() => this.wanted() === undefined)
  }

  /** Gives up the one under way, which is brought to its end where one side has it already, and waits for that. */
  async giveUp(): Promise<void> {
    this.running?.cancel()
    await this.idle()
  }

  stop(): void {
    this.stopped = true
  }

  private wanted(): SchemaChange | undefined {
    const { schemaChange } = this.state.migration
    return schemaChange?.state === 'running' ? schemaChange : undefined
  }

  private async make({ id, sqlDigest, dataset, role, isHalfMade }: SchemaChange): Promise<void> {
    const { migration, plan, hostKeys } = this.state.migration
    const asked = { id: `${migration}/${String(id)}`, plan, hostKeys, sqlDigest, dataset, role, isHalfMade }
    const scope = new CancellationScope()
    this.running = scope
    try {
      const made = await scope.run(() => onBothSides(zoneOf(plan, 'target')).changeSchema(asked))
      this.state.emit('schema-change-made', made)
    } catch (error) {
      const failure = describeFailure(error)
      const isRefused = failure.code === 'schema-change-refused'
      this.state.emit(isRefused ? 'schema-change-refused' : 'schema-change-failed', failure)
    } finally {
      this.running = undefined
    }
  }
}
