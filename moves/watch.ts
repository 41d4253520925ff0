import type { Client } from '@temporalio/client'
import type { Migration } from '../domain/move/migration.ts'
import { isOver } from '../domain/move/phase.ts'
import type { WorkflowEnd } from '../domain/move/workflow-end.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import type { WorkflowEndsPort } from '../domain/ports/workflow-ends.ts'
import { NotAnsweredError } from './errors.ts'
import { lookAtWorkflow } from './workflow-look.ts'

export interface MoveWatchDeps {
  readonly temporal: Client
  readonly migrations: Pick<MigrationsPort, 'listNotOver'>
  readonly workflowEnds: WorkflowEndsPort
  /** How long Temporal may take to answer, by default 10 s. */
  readonly withinMs?: number | undefined
}

/** Who only reads is not kept waiting by a Temporal that does not answer. */
const readerWithinMs = 1_500

/** Whether the moves that are not over are still carried by their workflows. */
export class MoveWatch {
  constructor(private readonly deps: MoveWatchDeps) {}

  /**
   * Asks Temporal whether the move is still carried, keeps what was found, and gives how its workflow ended; undefined
   * when it runs or the move is over.
   * @throws NotAnsweredError
   */
  async look(m: Migration, withinMs = this.deps.withinMs ?? 10_000): Promise<WorkflowEnd | undefined> {
    if (isOver(m)) return undefined
    const { temporal, workflowEnds } = this.deps
    const found = await lookAtWorkflow(temporal, m, withinMs)
    if (found !== 'runs') return workflowEnds.found(m.migration, found, Date.now())
    if ((await workflowEnds.find(m.migration)) !== undefined)
      await workflowEnds.runsAgain(m.migration, Date.now())
    return undefined
  }

  /** As `look`; what was found last where Temporal does not answer. */
  async knownEnd(m: Migration): Promise<WorkflowEnd | undefined> {
    try {
      return await this.look(m, readerWithinMs)
    } catch (error) {
      if (!(error instanceof NotAnsweredError)) throw error
      return this.deps.workflowEnds.find(m.migration)
    }
  }

  /** Looks at every move that is not over, so that an end is noticed though nobody asks. */
  async lookAtAll(signal: AbortSignal): Promise<void> {
    for (const m of await this.deps.migrations.listNotOver()) {
      if (signal.aborted) return
      await this.look(m)
    }
  }
}
