import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { sqlState, withClient } from '../server/connections.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { sideName } from '../side-name.ts'

/** Notes on the server of `to` that its database has the schema of `from`, whole, and no rows yet. */
export async function noteCopiedSchema(from: DatabasePort, to: DatabasePort): Promise<void> {
  await withClient(
    to,
    'copy',
    async (control) =>
      control.query(
        `insert into copied_schema (database, database_oid, source)
           select datname, oid, $2 from pg_database where datname = $1
           on conflict (database) do update set database_oid = excluded.database_oid, source = excluded.source`,
        [to.database, sideName(from)],
      ),
    controlDatabase,
  )
}

/**
 * Whether `to` is as a run that copied the schema of `from` left it, with what people corrected in it since: a later run goes on from there.
 * Rows in any table are somebody else's, or of a replication that ended.
 */
export async function findsCopiedSchema(from: DatabasePort, to: DatabasePort): Promise<boolean> {
  const noted = await withClient(
    to,
    'look',
    async (control) =>
      control.query(
        `select from copied_schema c join pg_database d on d.datname = c.database and d.oid = c.database_oid
          where c.database = $1 and c.source = $2`,
        [to.database, sideName(from)],
      ),
    controlDatabase,
  ).catch((error: unknown) => {
    // No control database, or one of before this table: no run has copied a schema.
    if (['3D000', '42P01'].includes(sqlState(error) ?? '')) return undefined
    throw error
  })
  return noted?.rowCount === 1 && !(await withClient(to, 'look', holdsRows))
}

async function holdsRows(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'qianyun')
        and pg_relation_size(c.oid) > 0`,
  )
  for (const { name } of rows) {
    const { rowCount } = await client.query(`select from only ${name} limit 1`)
    if (rowCount !== 0) return true
  }
  return false
}
