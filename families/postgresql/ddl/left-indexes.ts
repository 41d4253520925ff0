import type pg from 'pg'
import { changeOnBothSides } from '../replication/ddl-freeze.ts'

/** The indexes of a database, by object identifier. */
export type Indexes = Readonly<Record<string, { readonly name: string; readonly isValid: boolean }>>

export async function indexesNow(client: pg.Client): Promise<Indexes> {
  const { rows } = await client.query<{ indexes: Indexes }>(
    `select coalesce(jsonb_object_agg(i.indexrelid::text, jsonb_build_object(
              'name', format('%I.%I', n.nspname, c.relname), 'isValid', i.indisvalid)), '{}') as indexes
       from pg_index i join pg_class c on c.oid = i.indexrelid join pg_namespace n on n.oid = c.relnamespace
      where n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'qianyun')`,
  )
  return rows[0]?.indexes ?? {}
}

/**
 * The indexes that were there before a statement was first tried under a name. Kept, so that a run after a crash can tell what the one
 * before it left behind.
 */
export async function beginsWith(
  client: pg.Client,
  id: string,
): Promise<{ readonly before: Indexes; readonly hadBegun: boolean }> {
  const { rows } = await client.query<{ statement: string | null }>(
    'select statement from qianyun.ddl where id = $1',
    [id],
  )
  const [kept] = rows
  if (kept !== undefined) return { before: JSON.parse(kept.statement ?? '{}') as Indexes, hadBegun: true }
  const before = await indexesNow(client)
  await client.query(
    `insert into qianyun.ddl (id, command, object, by_role, statement)
       values ($1, '${changeOnBothSides}', $1, session_user, $2)`,
    [id, JSON.stringify(before)],
  )
  return { before, hadBegun: false }
}

/** Drops the invalid indexes that were not there before. Gives the names of those it could not drop. */
export async function dropLeftIndexes(client: pg.Client, before: Indexes): Promise<readonly string[]> {
  const failed: string[] = []
  for (const [id, { name, isValid }] of Object.entries(await indexesNow(client))) {
    if (isValid || before[id] !== undefined) continue
    await client.query(`set lock_timeout = '5s'`)
    await client.query(`drop index concurrently if exists ${name}`).catch(() => failed.push(name))
    await client.query('set lock_timeout = 0')
  }
  return failed
}
