import type { RunRequest } from '../../domain/playbook-run.ts'

/** The workflow's name, for parents that start it without importing it. */
export const playbookWorkflow = 'playbook'

export interface PlaybookRunInput {
  readonly request: RunRequest
  /** A person has asked for the failed step to be tried again: a step nobody knows the outcome of may run again. */
  readonly again: boolean
  /** The playbook's person steps that have been closed as tasks of the move. */
  readonly finishedTasks: readonly string[]
}
