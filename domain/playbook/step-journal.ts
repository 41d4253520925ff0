/** What the journal knows of one step of one playbook run. */
export interface JournalEntry {
  readonly runId: string
  readonly stepId: string
  readonly status: 'started' | 'done' | 'failed' | 'skipped' | 'undone'
  readonly attempt: number
  /** What the step found before it changed anything: `undo` starts from it. */
  readonly factsBefore?: unknown
  /** Marks a procedure has passed, in order: a repeated procedure resumes after the last one. */
  readonly marks: readonly { readonly name: string; readonly atMs: number; readonly detail?: unknown }[]
  readonly result?: unknown
  readonly error?: string
}

/**
 * The record of a playbook run, step by step, kept in storage so that a killed runner resumes at the step.
 * Every method is durable when its promise resolves, and harmless when called again with the same arguments.
 */
export interface StepJournal {
  read(runId: string, stepId: string): Promise<JournalEntry | undefined>
  readRun(runId: string): Promise<readonly JournalEntry[]>
  started(runId: string, stepId: string, facts: unknown): Promise<void>
  mark(runId: string, stepId: string, name: string, detail?: unknown): Promise<void>
  done(runId: string, stepId: string, result: unknown): Promise<void>
  failed(runId: string, stepId: string, error: string): Promise<void>
  skipped(runId: string, stepId: string, reason: string): Promise<void>
  undone(runId: string, stepId: string): Promise<void>
}
