import type { WorkflowEnd } from '../move/workflow-end.ts'

/** The moves whose workflow was found ended before its time, until it runs again or a person acknowledges it. */
export interface WorkflowEndsPort {
  find(migration: string): Promise<WorkflowEnd | undefined>
  /**
   * Keeps what was found, once however many look, and gives what is then known: undefined when the move is over, and what
   * was known before when Temporal has forgotten the workflow since.
   */
  found(migration: string, end: WorkflowEnd, atMs: number): Promise<WorkflowEnd | undefined>
  /** Takes back what was found: the workflow runs. Harmless when nothing was. */
  runsAgain(migration: string, atMs: number): Promise<void>
}
