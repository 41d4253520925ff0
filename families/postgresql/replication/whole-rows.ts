import type pg from 'pg'
import { type Waivers, coversByPattern, waiverList } from '../../../domain/plan/waiving.ts'
import type { ConnectedSide } from '../server/connections.ts'
import { sqlState } from '../server/connections.ts'
import { type Patience, withShortLocks } from '../server/waiting.ts'

/** The replica identities that waivers require, by table. */
export interface WantedIdentities {
  /** Tables whose whole rows serve as keys. */
  readonly full: readonly string[]
  /** Tables whose primary keys serve, although their replica identity is another one. */
  readonly default: readonly string[]
  /** Tables that may only grow: servers refuse updates and deletes. */
  readonly nothing: readonly string[]
}

/**
 * Gives tables on both sides the replica identity that waivers require. The publisher records the previous identity, and the record is
 * replicated; at the end the tables get it back. Each table is locked separately and only briefly, because behind a lock that waits for a
 * long reader everybody else would wait.
 * @throws LockNotGottenError
 */
export async function setIdentities(
  from: ConnectedSide,
  to: ConnectedSide,
  wanted: WantedIdentities,
  patience: Patience,
): Promise<void> {
  const written = `insert into qianyun.whole_row (name, had)
    select format('%I.%I', n.nspname, c.relname), case relreplident when 'f' then 'full' when 'n' then 'nothing' else 'default' end
      from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::regclass on conflict do nothing`
  for (const identity of ['full', 'default', 'nothing'] as const) {
    for (const table of await notYet(from.app, wanted[identity], identity)) {
      await withShortLocks({ client: from.app, side: from.port }, [table], patience, async () => {
        await from.app.query(written, [table])
        await from.app.query(alter(table, identity))
      })
    }
    for (const table of await notYet(to.app, wanted[identity], identity)) {
      await withShortLocks({ client: to.app, side: to.port }, [table], patience, async () => {
        await to.app.query(alter(table, identity))
      })
    }
  }
}

/** The tables that no earlier run has changed. */
async function notYet(
  client: pg.Client,
  tables: readonly string[],
  identity: keyof WantedIdentities,
): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[]) name
      where (select relreplident from pg_class where oid = to_regclass(name)) <> $2`,
    [[...tables], identity.slice(0, 1)],
  )
  return rows.map(({ name }) => name)
}

const alter = (table: string, identity: string): string => `alter table ${table} replica identity ${identity}`

/** A table whose replica identity a waiver has set, and its previous identity. */
export interface ChangedIdentity {
  readonly name: string
  readonly had: 'default' | 'full' | 'nothing'
}

/**
 * The tables whose replica identity a waiver has set, by the names of the catalog. For replication from before this record existed, the
 * names come from the waivers.
 */
export async function changedIdentities(
  client: pg.Client,
  waivers: Waivers,
): Promise<readonly ChangedIdentity[]> {
  const named = waiverList(waivers)
    .filter((waiver) => !coversByPattern(waiver))
    .map(({ pattern }) => pattern)
  const had = new Map((await writtenDown(client)).map((one) => [one.name, one.had]))
  const { rows } = await client.query<{ name: string; identity: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relreplident as identity
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and c.relreplident in ('d', 'f', 'n') and format('%I.%I', n.nspname, c.relname) = any ($1)`,
    [[...new Set([...named, ...had.keys()])]],
  )
  return rows
    .filter(({ name, identity }) => identity === 'f' || had.has(name))
    .map(({ name }) => ({ name, had: had.get(name) ?? 'default' }))
}

async function writtenDown(client: pg.Client): Promise<readonly ChangedIdentity[]> {
  try {
    // As rows: one that was begun before this was written down has the names alone. What stands there has come from the other server, too.
    const { rows } = await client.query<ChangedIdentity>(
      `select w.name, case to_jsonb(w) ->> 'had' when 'full' then 'full' when 'nothing' then 'nothing' else 'default' end as had
         from qianyun.whole_row w`,
    )
    return rows
  } catch (error) {
    // No replication was begun here, or it was begun before they were written down.
    if (['3F000', '42P01'].includes(sqlState(error) ?? '')) return []
    throw error
  }
}
