import { randomUUID } from 'node:crypto'
import { WorkflowFailedError } from '@temporalio/client'
import type { Migration } from '../../domain/move/migration.ts'
import { meaningOf } from '../../moves/temporal-answers.ts'
import { orchestratorQueue } from '../../workflows/migration/messages.ts'
import { sidesWorkflow, type SidesFound } from '../../workflows/sides/messages.ts'
import type { ApiContext } from '../context.ts'

const sidesWithinMs = 20_000

/**
 * Has the servers of both sides of a move asked which of them is open. A runner that is away leaves both unasked.
 * @throws NotAnsweredError
 */
export async function lookAtSides(
  { temporal }: Pick<ApiContext, 'temporal'>,
  { migration, plan }: Migration,
): Promise<SidesFound> {
  if (plan.tracked !== undefined) return { old: 'no-answer', new: 'no-answer' }
  try {
    const found: unknown = await temporal.withDeadline<unknown>(Date.now() + sidesWithinMs + 2_000, () =>
      temporal.workflow.execute(sidesWorkflow, {
        workflowId: `sides/${migration}/${randomUUID()}`,
        taskQueue: orchestratorQueue,
        args: [{ plan }],
        workflowExecutionTimeout: sidesWithinMs,
      }),
    )
    return found as SidesFound
  } catch (error) {
    if (error instanceof WorkflowFailedError) return { old: 'no-answer', new: 'no-answer' }
    throw meaningOf(error) ?? error
  }
}
