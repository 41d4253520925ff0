import type pg from 'pg'
import type { WorkflowEndsPort } from '../domain/ports/workflow-ends.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import { engineActor } from '../domain/organisation.ts'
import { isOver } from '../domain/move/phase.ts'
import type { WorkflowEnd } from '../domain/move/workflow-end.ts'
import { appendAudit } from './audit.ts'
import { announce, projectionOf } from './migrations.ts'
import { inTransaction, lockName, locks } from './pool.ts'

/** The moves whose workflow ended outside Qianyun, until it runs again or a person acknowledges the end. */
export class WorkflowEndStore implements WorkflowEndsPort {
  constructor(private readonly pool: pg.Pool) {}

  async find(migration: string): Promise<WorkflowEnd | undefined> {
    const { rows } = await this.pool.query<{ content: WorkflowEnd }>(
      'select content from workflow_end where migration = $1',
      [migration],
    )
    return rows[0]?.content
  }

  async all(): Promise<ReadonlyMap<string, WorkflowEnd>> {
    const { rows } = await this.pool.query<{ migration: string; content: WorkflowEnd }>(
      'select migration, content from workflow_end',
    )
    return new Map(rows.map(({ migration, content }) => [migration, content]))
  }

  /**
   * Records an end and adds it to the audit log, once for all observers. A move that is over has ended by itself and is skipped. The
   * record stays when Temporal forgets the workflow.
   * @returns the recorded end
   */
  async found(migration: string, end: WorkflowEnd, atMs: number): Promise<WorkflowEnd | undefined> {
    return inTransaction(this.pool, async (client) => {
      await lockName(client, locks.migration, migration)
      const m = await projectionOf(client, migration)
      if (m === undefined || isOver(m)) return undefined
      const { rows } = await client.query<{ content: WorkflowEnd }>(
        'select content from workflow_end where migration = $1',
        [migration],
      )
      const before = rows[0]?.content
      if (before !== undefined && (end.how === 'gone' || canonicalJson(before) === canonicalJson(end)))
        return before
      await client.query(
        `insert into workflow_end (migration, content) values ($1, $2)
         on conflict (migration) do update set content = excluded.content`,
        [migration, JSON.stringify(end)],
      )
      const { phase, step } = m
      await appendAudit(client, [
        {
          atMs,
          kind: 'workflow-ended',
          actor: engineActor,
          subject: migration,
          detail: {
            profile: m.plan.policy.profile,
            end,
            phase,
            ...(step === undefined ? {} : { step: step.id }),
          },
        },
      ])
      await announce(client, m)
      return end
    })
  }

  /** Removes the record of an end, because the workflow runs. Idempotent. */
  async runsAgain(migration: string, atMs: number): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await lockName(client, locks.migration, migration)
      const { rowCount } = await client.query('delete from workflow_end where migration = $1', [migration])
      const m = await projectionOf(client, migration)
      if (rowCount === 0 || m === undefined) return
      const { profile } = m.plan.policy
      await appendAudit(client, [
        { atMs, kind: 'workflow-runs-again', actor: engineActor, subject: migration, detail: { profile } },
      ])
      await announce(client, m)
    })
  }
}
