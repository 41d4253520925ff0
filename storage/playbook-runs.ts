import type pg from 'pg'
import type { PlaybookRunsPort, RunEnd } from '../domain/ports/playbook-runs.ts'
import type { Actor } from '../domain/organisation.ts'
import type { RunRequest } from '../domain/plan/run-request.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'
import { engineActor } from '../domain/organisation.ts'
import { appendAudit } from './audit.ts'
import { jsonDigest } from './digest.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import { inTransaction } from './pool.ts'

/** A run outside a move: the request, the person, and the steps in order. */
export interface PlaybookRunRecord {
  readonly request: RunRequest
  readonly by: Actor
  readonly steps: readonly RunStep[]
}

export interface RunStep {
  readonly step: string
  /** The playbook's name of the host. */
  readonly host?: string
  /** Whether the step is for a person; it is then skipped, because outside a move no person gets a task. */
  readonly forPerson: boolean
}

export interface StoredPlaybookRun extends PlaybookRunRecord {
  readonly startedAtMs: number
  readonly ended?: { readonly atMs: number; readonly outcome: RunEnd }
}

/** The playbook runs outside moves. The beginning and the end of each get an audit entry. */
export class PlaybookRunStore implements PlaybookRunsPort {
  constructor(private readonly pool: pg.Pool) {}

  async find(runId: string): Promise<StoredPlaybookRun | undefined> {
    const { rows } = await this.pool.query<RunRow>(
      'select started_at_ms, content, ended_at_ms, outcome from playbook_run where run_id = $1',
      [runId],
    )
    return rows[0] && runOf(rows[0])
  }

  /** @throws NotStoredError */
  async get(runId: string): Promise<StoredPlaybookRun> {
    const found = await this.find(runId)
    if (found === undefined) throw new NotStoredError('playbook run', runId)
    return found
  }

  /** The newest first: all, or those by plans in which one organisation takes part. */
  async newest(limit: number, organisation?: string): Promise<StoredPlaybookRun[]> {
    const { rows } = await this.pool.query<RunRow>(
      `select started_at_ms, content, ended_at_ms, outcome from playbook_run
        where $2::text is null or exists (
          select from json_each_text(content->'request'->'plan'->'organisations') as part where part.value = $2)
        order by started_at_ms desc, run_id limit $1`,
      [limit, organisation ?? null],
    )
    return rows.map(runOf)
  }

  /** Records a run before it begins. An existing record stays. */
  async begin(run: PlaybookRunRecord, atMs: number): Promise<void> {
    const { request, by } = run
    await inTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query(
        `insert into playbook_run (run_id, started_at_ms, content) values ($1, $2, $3) on conflict do nothing`,
        [request.runId, atMs, JSON.stringify(run)],
      )
      if (rowCount === 0) return
      const { playbook, plan, inputs } = request
      const frozen = { playbook: playbook.name, digest: playbook.digest, plan: plan.plan, inputs }
      const detail = { ...frozen, runDigest: jsonDigest(run) }
      await appendAudit(client, [{ atMs, kind: 'playbook-run', actor: by, subject: request.runId, detail }])
    })
  }

  /** Records the outcome of a run, once. */
  async end(runId: string, outcome: RunEnd, atMs: number): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      const { rowCount } = await client.query(
        'update playbook_run set ended_at_ms = $2, outcome = $3 where run_id = $1 and outcome is null',
        [runId, atMs, JSON.stringify(outcome)],
      )
      if (rowCount === 0) return
      const { done, failure } = outcome
      const steps = { done: done.map(({ step }) => step), ...(failure === undefined ? {} : { failure }) }
      const detail = { ...steps, outcomeDigest: jsonDigest(outcome) }
      await appendAudit(client, [
        { atMs, kind: 'playbook-run-ended', actor: engineActor, subject: runId, detail },
      ])
    })
  }
}

interface RunRow {
  started_at_ms: string
  content: PlaybookRunRecord
  ended_at_ms: string | null
  outcome: RunEnd | null
}

function runOf(row: RunRow): StoredPlaybookRun {
  const { request } = row.content
  return {
    ...row.content,
    request: { ...request, plan: upgradePlan(request.plan) },
    startedAtMs: Number(row.started_at_ms),
    ...(row.outcome === null ? {} : { ended: { atMs: Number(row.ended_at_ms), outcome: row.outcome } }),
  }
}
