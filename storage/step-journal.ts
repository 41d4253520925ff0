import type pg from 'pg'
import type { JournalEntry, StepJournal } from '../domain/playbook/step-journal.ts'
import { inTransaction } from './pool.ts'

/** The step journal in PostgreSQL. An entry is on disk once the promise resolves. */
export class StepJournalStore implements StepJournal {
  constructor(private readonly pool: pg.Pool) {}

  async read(runId: string, stepId: string): Promise<JournalEntry | undefined> {
    const [entry] = await this.select('run_id = $1 and step_id = $2', [runId, stepId])
    return entry
  }

  async readRun(runId: string): Promise<readonly JournalEntry[]> {
    return this.select('run_id = $1', [runId])
  }

  /**
   * An interrupted step keeps its first facts, which are from before it changed anything. After a failure the next attempt counts.
   * After an undo the step begins afresh, without earlier facts and marks.
   */
  async started(runId: string, stepId: string, facts: unknown): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query(
        `insert into step_journal (run_id, step_id, status, attempt, facts_before)
         values ($1, $2, 'started', 0, $3) on conflict do nothing`,
        [runId, stepId, json(facts)],
      )
      const { rows } = await client.query<{ status: JournalEntry['status'] }>(
        'select status from step_journal where run_id = $1 and step_id = $2 for update',
        [runId, stepId],
      )
      const anew = rows[0]?.status === 'undone' || rows[0]?.status === 'skipped'
      if (anew) {
        await client.query('delete from step_mark where run_id = $1 and step_id = $2', [runId, stepId])
      }
      await client.query(
        `update step_journal
            set attempt = attempt + case when status = 'started' and attempt > 0 then 0 else 1 end,
                facts_before = case when $3 then $4::json else facts_before end,
                status = 'started', result = null, error = null
          where run_id = $1 and step_id = $2 and status <> 'done'`,
        [runId, stepId, anew, json(facts)],
      )
    })
  }

  async mark(runId: string, stepId: string, name: string, detail?: unknown): Promise<void> {
    await this.pool.query(
      `insert into step_mark (run_id, step_id, name, at_ms, detail) values ($1, $2, $3, $4, $5)
       on conflict (run_id, step_id, name) do update set detail = excluded.detail`,
      [runId, stepId, name, Date.now(), json(detail)],
    )
  }

  async done(runId: string, stepId: string, result: unknown): Promise<void> {
    await this.end(runId, stepId, 'done', { result })
  }

  async failed(runId: string, stepId: string, error: string): Promise<void> {
    await this.end(runId, stepId, 'failed', { error })
  }

  async skipped(runId: string, stepId: string, reason: string): Promise<void> {
    await this.end(runId, stepId, 'skipped', { error: reason })
  }

  async undone(runId: string, stepId: string): Promise<void> {
    await this.end(runId, stepId, 'undone', {})
  }

  /** A step may be skipped or fail before it begins; then this is its first entry. */
  private async end(
    runId: string,
    stepId: string,
    status: JournalEntry['status'],
    found: { readonly result?: unknown; readonly error?: string },
  ): Promise<void> {
    await this.pool.query(
      `insert into step_journal (run_id, step_id, status, attempt, result, error)
       values ($1, $2, $3, 0, $4, $5)
       on conflict (run_id, step_id) do update
          set status = excluded.status, result = excluded.result, error = excluded.error`,
      [runId, stepId, status, json(found.result), found.error?.replaceAll('\0', '') ?? null],
    )
  }

  private async select(where: string, values: readonly string[]): Promise<JournalEntry[]> {
    const { rows } = await this.pool.query<JournalRow>(
      `select run_id, step_id, status, attempt, facts_before, result, error,
              (select coalesce(json_agg(json_build_object('name', name, 'atMs', at_ms, 'detail', detail)
                      order by m.ordinal), '[]')
                 from step_mark m where m.run_id = s.run_id and m.step_id = s.step_id) as marks
         from step_journal s where ${where} order by ordinal`,
      [...values],
    )
    return rows.map(entryOf)
  }
}

interface JournalRow {
  run_id: string
  step_id: string
  status: JournalEntry['status']
  attempt: number
  facts_before: unknown
  result: unknown
  error: string | null
  marks: { name: string; atMs: number; detail: unknown }[]
}

function entryOf(row: JournalRow): JournalEntry {
  return {
    runId: row.run_id,
    stepId: row.step_id,
    status: row.status,
    attempt: row.attempt,
    marks: row.marks.map(({ name, atMs, detail }) =>
      detail === null ? { name, atMs } : { name, atMs, detail },
    ),
    ...(row.facts_before === null ? {} : { factsBefore: row.facts_before }),
    ...(row.result === null ? {} : { result: row.result }),
    ...(row.error === null ? {} : { error: row.error }),
  }
}

function json(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value)
}
