import type { RunRequest } from '../../domain/plan/run-request.ts'

/** The workflow's name, for parents that start it without importing it. */
export const playbookWorkflow = 'playbook'

export interface PlaybookRunInput {
  readonly request: RunRequest
  /** Return as soon as the sides have been switched: the rest of the playbook may take hours. */
  readonly stopAtSwitch: boolean
  /** The playbook's person steps that have been closed as tasks of the move. */
  readonly finishedTasks: readonly string[]
}
