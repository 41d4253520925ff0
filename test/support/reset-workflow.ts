import type { Client } from '@temporalio/client'

/** As `temporal workflow reset --type LastWorkflowTask` does it; with another task, as with `--event-id`. */
export async function resetWorkflow(
  client: Client,
  workflowId: string,
  task?: { readonly eventId: number },
): Promise<void> {
  const { runId } = await client.workflow.getHandle(workflowId).describe()
  const { events } = await client.workflow.getHandle(workflowId, runId).fetchHistory()
  const last = events?.findLast((event) => event.workflowTaskCompletedEventAttributes)
  const eventId = task?.eventId ?? Number(last?.eventId)
  await client.workflowService.resetWorkflowExecution({
    namespace: client.options.namespace,
    workflowExecution: { workflowId, runId },
    reason: 'it was the wrong one',
    workflowTaskFinishEventId: eventId as never,
    requestId: runId,
  })
}
