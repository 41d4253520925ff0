import type { Client } from '@temporalio/client'

/** Looks up in Temporal which workflow has started a workflow; a client that starts one has no part in what it says of this. */
export const parentIn =
  ({ workflow }: Pick<Client, 'workflow'>) =>
  async (of: { readonly workflowId: string; readonly runId: string }): Promise<string | undefined> => {
    const { parentExecution } = await workflow.getHandle(of.workflowId, of.runId).describe()
    return parentExecution?.workflowId ?? undefined
  }
