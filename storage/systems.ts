import type pg from 'pg'
import type { SystemsPort } from '../domain/ports/systems.ts'
import { canonicalJson } from '../domain/canonical-json.ts'
import type { Actor } from '../domain/organisation.ts'
import type { System } from '../domain/ledger/system.ts'
import { defaultScope, mayWrite, type DepartmentsTaken, type RowOwner, type Scope } from '../domain/scope.ts'
import { appendAudit } from './audit.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import { OthersRowError } from './errors.ts'
import { inTransaction, locks, type Queryable } from './pool.ts'

export type ImportOutcome = 'created' | 'updated' | 'unchanged'

/** Who imports. Without a scope: the programme of the organisation. */
export type Importer = Actor & { readonly scope?: Scope }

/** The ledger (台账). */
export class SystemStore implements SystemsPort {
  constructor(private readonly pool: pg.Pool) {}

  /**
   * Imports entries, all or none: each is created, updated or unchanged. The audit log records the changes. A row belongs to the
   * programme that imported it first.
   * @throws OthersRowError if the importer does not act for one of them
   */
  async import(
    systems: readonly System[],
    { scope: given, ...by }: Importer,
    atMs: number,
  ): Promise<ImportOutcome[]> {
    const scope = given ?? defaultScope(by.organisation)
    return inTransaction(this.pool, async (client) => {
      // One import at a time: rows in another order would wait for each other, and a department would be taken twice.
      await client.query('select pg_advisory_xact_lock($1)', [locks.ledger])
      const [refused] = await othersRows(client, systems, scope)
      if (refused !== undefined) throw new OthersRowError(refused.system)
      const outcomes: ImportOutcome[] = []
      const programmes = new Map<string, string>()
      for (const system of systems) {
        const { rows } = await client.query<SystemRow & { programme: string }>(
          'select content, programme from system where system = $1 for update',
          [system.system],
        )
        if (rows[0] !== undefined) programmes.set(system.system, rows[0].programme)
        const outcome = outcomeOf(rows[0]?.content, system)
        outcomes.push(outcome)
        if (outcome === 'unchanged') continue
        await client.query(
          `insert into system (system, content, programme) values ($1, $2, $3)
           on conflict (system) do update set content = excluded.content`,
          [system.system, JSON.stringify(system), scope.programme],
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
          detail: { outcome, system, programme: programmes.get(system.system) ?? scope.programme },
        })),
      )
      return outcomes
    })
  }

  /** Those of the entries that somebody with this scope may not write. */
  async others(systems: readonly System[], scope: Scope): Promise<readonly System[]> {
    return othersRows(this.pool, systems, scope)
  }

  /** Whose the row of a system is; undefined if the ledger has none. */
  async ownerOf(system: string): Promise<RowOwner | undefined> {
    return (await rowOwners(this.pool)).get(system)
  }

  /** Whose each row is, by system. */
  async owners(): Promise<ReadonlyMap<string, RowOwner>> {
    return rowOwners(this.pool)
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

async function rowOwners(client: Queryable): Promise<ReadonlyMap<string, RowOwner>> {
  const { rows } = await client.query<RowOwner & { readonly system: string }>(
    `select system, programme, content->>'department' as department from system`,
  )
  return new Map(rows.map(({ system, programme, department }) => [system, { programme, department }]))
}

async function othersRows(
  client: Queryable,
  systems: readonly System[],
  scope: Scope,
): Promise<readonly System[]> {
  const owners = await rowOwners(client)
  const taken = departmentsTaken([...owners.values()])
  return systems.filter(
    ({ system, department }) => !mayWrite(scope, department, { before: owners.get(system), taken }),
  )
}

function departmentsTaken(rows: readonly RowOwner[]): DepartmentsTaken {
  const taken = new Map<string, Set<string>>()
  for (const { programme, department } of rows)
    taken.set(department, (taken.get(department) ?? new Set()).add(programme))
  return taken
}
