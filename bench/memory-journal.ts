import type { JournalEntry, StepJournal } from '../domain/step-journal.ts'

/** A step journal for runs that nobody resumes. */
export class MemoryJournal implements StepJournal {
  private readonly entries = new Map<string, JournalEntry>()

  async read(runId: string, stepId: string): Promise<JournalEntry | undefined> {
    return this.entries.get(`${runId} ${stepId}`)
  }

  async readRun(runId: string): Promise<readonly JournalEntry[]> {
    return [...this.entries.values()].filter((entry) => entry.runId === runId)
  }

  async started(runId: string, stepId: string, factsBefore: unknown): Promise<void> {
    this.change(runId, stepId, { status: 'started', factsBefore })
  }

  async mark(runId: string, stepId: string, name: string, detail?: unknown): Promise<void> {
    const marks = this.entries.get(`${runId} ${stepId}`)?.marks ?? []
    this.change(runId, stepId, { marks: [...marks, { name, atMs: Date.now(), detail }] })
  }

  async done(runId: string, stepId: string, result: unknown): Promise<void> {
    this.change(runId, stepId, { status: 'done', result })
  }

  async failed(runId: string, stepId: string, error: string): Promise<void> {
    this.change(runId, stepId, { status: 'failed', error })
  }

  async skipped(runId: string, stepId: string, error: string): Promise<void> {
    this.change(runId, stepId, { status: 'skipped', error })
  }

  async undone(runId: string, stepId: string): Promise<void> {
    this.change(runId, stepId, { status: 'undone' })
  }

  private change(runId: string, stepId: string, changed: Partial<JournalEntry>): void {
    const before = this.entries.get(`${runId} ${stepId}`)
    const blank: JournalEntry = { runId, stepId, status: 'started', attempt: 1, marks: [] }
    this.entries.set(`${runId} ${stepId}`, { ...(before ?? blank), ...changed })
  }
}
