import { existsSync, readFileSync, readdirSync, renameSync, writeFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'

import type { JournalEntry, StepJournal } from '../../domain/playbook/step-journal.ts'

/** A step journal in a folder, one file a step: survives the process, as storage's does. */
export class FileJournal implements StepJournal {
  constructor(private readonly directory: string) {
    mkdirSync(directory, { recursive: true })
  }

  async read(runId: string, stepId: string): Promise<JournalEntry | undefined> {
    return this.get(this.path(runId, stepId))
  }

  async readRun(runId: string): Promise<readonly JournalEntry[]> {
    const entries = readdirSync(this.directory)
      .filter((name) => name.endsWith('.json'))
      .map((name) => this.get(join(this.directory, name)))
    return entries.flatMap((entry) => (entry?.runId === runId ? [entry] : []))
  }

  async started(runId: string, stepId: string, facts: unknown): Promise<void> {
    const before = await this.read(runId, stepId)
    const known = before !== undefined && before.status !== 'undone' && before.status !== 'skipped'
    const factsBefore = known ? before.factsBefore : facts
    const attempt = known && before.status === 'started' ? before.attempt : (before?.attempt ?? 0) + 1
    this.put({ runId, stepId, status: 'started', attempt, marks: known ? before.marks : [], factsBefore })
  }

  async mark(runId: string, stepId: string, name: string, detail?: unknown): Promise<void> {
    const entry = await this.entry(runId, stepId)
    const mark = { name, atMs: Date.now(), ...(detail === undefined ? {} : { detail }) }
    this.put({ ...entry, marks: [...entry.marks.filter((one) => one.name !== name), mark] })
  }

  async done(runId: string, stepId: string, result: unknown): Promise<void> {
    this.put({ ...(await this.entry(runId, stepId)), status: 'done', result })
  }

  async failed(runId: string, stepId: string, error: string): Promise<void> {
    this.put({ ...(await this.entry(runId, stepId)), status: 'failed', error })
  }

  async skipped(runId: string, stepId: string, reason: string): Promise<void> {
    this.put({ ...(await this.entry(runId, stepId)), status: 'skipped', error: reason })
  }

  async undone(runId: string, stepId: string): Promise<void> {
    this.put({ ...(await this.entry(runId, stepId)), status: 'undone' })
  }

  private async entry(runId: string, stepId: string): Promise<JournalEntry> {
    return (await this.read(runId, stepId)) ?? { runId, stepId, status: 'started', attempt: 0, marks: [] }
  }

  private path(runId: string, stepId: string): string {
    return join(this.directory, `${encodeURIComponent(runId)}@${stepId}.json`)
  }

  private get(path: string): JournalEntry | undefined {
    return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as JournalEntry) : undefined
  }

  private put(entry: JournalEntry): void {
    const path = this.path(entry.runId, entry.stepId)
    writeFileSync(`${path}.new`, JSON.stringify(entry))
    renameSync(`${path}.new`, path)
  }
}
