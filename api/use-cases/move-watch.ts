import type { Migration } from '../../domain/move/migration.ts'
import { isOver } from '../../domain/move/phase.ts'
import type { WorkflowEnd } from '../../domain/move/workflow-end.ts'
import type { ApiContext } from '../context.ts'
import { NotAnsweredError } from '../errors.ts'
import { lookAtWorkflow } from '../temporal/workflow-look.ts'

/** Who only reads is not kept waiting by a Temporal that does not answer. */
const readerWithinMs = 1_500

/**
 * Asks Temporal whether the move is still carried, keeps what was found, and gives how its workflow ended; undefined when
 * it runs or the move is over.
 * @throws NotAnsweredError
 */
export async function lookAtMove(
  context: ApiContext,
  m: Migration,
  withinMs = context.commandTimeoutMs ?? 10_000,
): Promise<WorkflowEnd | undefined> {
  if (isOver(m)) return undefined
  const found = await lookAtWorkflow(context, m, withinMs)
  if (found !== 'runs') return context.workflowEnds.found(m.migration, found, Date.now())
  if ((await context.workflowEnds.find(m.migration)) !== undefined)
    await context.workflowEnds.runsAgain(m.migration, Date.now())
  return undefined
}

/** As `lookAtMove`; what was found last where Temporal does not answer. */
export async function endKnownOf(context: ApiContext, m: Migration): Promise<WorkflowEnd | undefined> {
  try {
    return await lookAtMove(context, m, readerWithinMs)
  } catch (error) {
    if (!(error instanceof NotAnsweredError)) throw error
    return context.workflowEnds.find(m.migration)
  }
}

/** Looks at every move that is not over, so that an end is noticed though nobody asks. */
export async function lookAtAll(context: ApiContext, signal: AbortSignal): Promise<void> {
  for (const m of await context.migrations.listNotOver()) {
    if (signal.aborted) return
    await lookAtMove(context, m)
  }
}
