import type { RunRequest } from '../../domain/plan/run-request.ts'

/** The workflow's name, for clients that start it without importing it. */
export const playbookRunWorkflow = 'playbookRun'

/** One workflow for each run outside a move: the same id is the same run. */
export const playbookRunWorkflowId = (runId: string): string => `playbook-run/${runId}`

export interface PlaybookRunAlone {
  readonly request: RunRequest
  /** The steps a person does: outside a move nobody is asked, and they are left out. */
  readonly personSteps: readonly string[]
}
