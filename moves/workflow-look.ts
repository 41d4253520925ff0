import { WorkflowNotFoundError } from '@temporalio/common'
import type { Client, WorkflowExecutionDescription } from '@temporalio/client'
import type { Migration } from '../domain/move/migration.ts'
import type { WorkflowEnd } from '../domain/move/workflow-end.ts'
import { migrationWorkflowId } from '../workflows/migration/messages.ts'
import { meaningOf } from './temporal-answers.ts'

const ends: Readonly<Partial<Record<string, WorkflowEnd['how']>>> = {
  TERMINATED: 'terminated',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
  TIMED_OUT: 'timed-out',
  COMPLETED: 'completed',
}

/**
 * What Temporal knows of the system's newest workflow; undefined when it knows none.
 * @throws NotAnsweredError
 */
export async function describeWorkflow(
  temporal: Client,
  system: string,
  withinMs: number,
): Promise<WorkflowExecutionDescription | undefined> {
  return answerOf(temporal, withinMs, () =>
    temporal.workflow.getHandle(migrationWorkflowId(system)).describe(),
  )
}

/**
 * Whether a workflow carries the move at this moment, and if not, how it ended. A move that is over is not asked about:
 * its workflow has ended as it was to.
 * @throws NotAnsweredError
 */
export async function lookAtWorkflow(
  temporal: Client,
  { migration, plan }: Migration,
  withinMs: number,
): Promise<'runs' | WorkflowEnd> {
  const known = await describeWorkflow(temporal, plan.system, withinMs)
  const carried = known?.memo?.['migration'] ?? migration
  if (known === undefined || carried !== migration) return { how: 'gone', by: '', reason: '' }
  const how = ends[known.status.name]
  if (how === undefined) return 'runs'
  return {
    how,
    ...(await wordsOf(temporal, known, withinMs)),
    ...(known.closeTime === undefined ? {} : { endedAtMs: known.closeTime.getTime() }),
  }
}

/** Who ended it and why: the description does not say, the last line of the history does. */
async function wordsOf(
  temporal: Client,
  { workflowId, runId }: WorkflowExecutionDescription,
  withinMs: number,
): Promise<Pick<WorkflowEnd, 'by' | 'reason'>> {
  const history = await answerOf(temporal, withinMs, () =>
    temporal.workflow.getHandle(workflowId, runId).fetchHistory(),
  )
  const last = history?.events?.at(-1)
  const terminated = last?.workflowExecutionTerminatedEventAttributes
  const failed = last?.workflowExecutionFailedEventAttributes
  return {
    by: (terminated?.identity ?? '').slice(0, 200),
    reason: (terminated?.reason ?? failed?.failure?.message ?? '').slice(0, 1000),
  }
}

async function answerOf<T>(
  temporal: Client,
  withinMs: number,
  ask: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await temporal.withDeadline(Date.now() + withinMs, ask)
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw meaningOf(error) ?? error
  }
}
