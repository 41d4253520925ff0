import type pg from 'pg'
import type { SystemsPort } from '../domain/ports/systems.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Actor } from '../domain/organisation.ts'
import type { System } from '../domain/ledger/system.ts'
import { appendAudit } from './audit.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import { inTransaction } from './pool.ts'

export type ImportOutcome = 'created' | 'updated' | 'unchanged'

/** The ledger (台账). */
export class SystemStore implements SystemsPort {
  constructor(private readonly pool: pg.Pool) {}

  /** Imports entries, all or none: each is created, updated or unchanged. The audit log records the changes. */
  async import(systems: readonly System[], by: Actor, atMs: number): Promise<ImportOutcome[]> {
    return inTransaction(this.pool, async (client) => {
      const outcomes: ImportOutcome[] = []
      for (const system of systems) {
        const { rows } = await client.query<SystemRow>(
          'select content from system where system = $1 for update',
          [system.system],
        )
        const outcome = outcomeOf(rows[0]?.content, system)
        outcomes.push(outcome)
        if (outcome === 'unchanged') continue
        await client.query(
          `insert into system (system, content) values ($1, $2)
           on conflict (system) do update set content = excluded.content`,
          [system.system, JSON.stringify(system)],
        )
      }
      const changed = systems.flatMap((system, index) => {
        const outcome = outcomes[index]
        return outcome === undefined || outcome === 'unchanged' ? [] : [{ system, outcome }]
      })
      await appendAudit(
        client,
        changed.map(({ system, outcome }) => ({
          atMs,
          kind: 'system-imported' as const,
          actor: by,
          subject: system.system,
          detail: { outcome, system },
        })),
      )
      return outcomes
    })
  }

  /** What an import would do; changes nothing. */
  async preview(systems: readonly System[]): Promise<ImportOutcome[]> {
    const known = new Map((await this.list()).map((system) => [system.system, system]))
    return systems.map((system) => outcomeOf(known.get(system.system), system))
  }

  /** @throws NotStoredError */
  async get(system: string): Promise<System> {
    const { rows } = await this.pool.query<SystemRow>('select content from system where system = $1', [
      system,
    ])
    const [row] = rows
    if (row === undefined) throw new NotStoredError('system', system)
    return row.content
  }

  async list(): Promise<System[]> {
    const { rows } = await this.pool.query<SystemRow>('select content from system order by system')
    return rows.map((row) => row.content)
  }
}

interface SystemRow {
  content: System
}

function outcomeOf(known: System | undefined, offered: System): ImportOutcome {
  if (known === undefined) return 'created'
  return canonicalJson(known) === canonicalJson(offered) ? 'unchanged' : 'updated'
}
