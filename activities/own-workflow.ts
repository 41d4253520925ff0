import { Context } from '@temporalio/activity'
import { QianyunError } from '../domain/errors.ts'
import type { CommandsPort } from '../domain/ports/commands.ts'
import { said } from '../domain/words/said.ts'
import { migrationWorkflowId } from '../workflows/migration/messages.ts'
import { playbookRunWorkflowId } from '../workflows/playbook-run/messages.ts'

/** Thrown when a workflow records or does something for a move or a run that another workflow carries. */
export class OtherWorkflowError extends QianyunError {
  override name = 'OtherWorkflowError'
  readonly code = 'other-workflow'

  constructor(
    readonly subject: string,
    readonly what: string,
    readonly workflowId: string,
  ) {
    super(said('other-workflow', { subject, what, workflowId }))
  }
}

export interface OwnWorkflowDeps {
  readonly commands: Pick<CommandsPort, 'noteNotGiven'>
}

/** What is done, and for which move, run or zone. */
interface Done {
  readonly what: string
  readonly subject: string
}

/** The id of the workflow that carries a move: launches number the moves of a system. */
export const carrierOf = (migration: string): string =>
  migrationWorkflowId(migration.replace(/-\d{1,6}$/, ''))

/** Whether a workflow is one that carries out a run of a playbook: for a move, a child of its workflow. */
export const carriesRun =
  (runId: string, migration: string) =>
  (workflowId: string): boolean =>
    runId.startsWith(`${migration}/`)
      ? workflowId.startsWith(`playbook/${runId}/`)
      : workflowId === playbookRunWorkflowId(runId)

/**
 * Refuses what a workflow does in the place of another. Temporal runs one workflow at a time under an id, so whoever carries a move beside its
 * own workflow has another one. The refusal is on record.
 * @throws OtherWorkflowError
 */
export async function assertOwnWorkflow(
  deps: OwnWorkflowDeps,
  { what, subject }: Done,
  isOwn: (workflowId: string) => boolean,
): Promise<void> {
  const { workflowId = '' } = Context.current().info.workflowExecution ?? {}
  if (isOwn(workflowId)) return
  await deps.commands.noteNotGiven({ migration: subject, what, account: '' })
  throw new OtherWorkflowError(subject, what, workflowId)
}
