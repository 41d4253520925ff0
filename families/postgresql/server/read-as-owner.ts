import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import { oneRow } from './connections.ts'
import { powersOf } from './powers.ts'

/** Who reads a table, quoted; `isMade` where the role lives in the transaction of the read alone. */
interface Reader {
  readonly role: string
  readonly isMade: boolean
}

const helper = 'pg_temp.qianyun_read'

/** Where a read happens: in a transaction of its own, or in one that is open. Both end without a trace of it. */
export type ReadWithin = 'own-transaction' | 'open-transaction'

export interface TableRead {
  /** The table, quoted as SQL wants it. */
  readonly table: string
  /** One SELECT from it. */
  readonly query: string
  /** What the query gives, as SQL declares columns: `range text, rows float8`. */
  readonly columns: string
  readonly within?: ReadWithin
}

/** Who is no superuser gives a function only to whom may have made it there; the right ends with the transaction of the read. */
async function mayOwn(client: pg.Client, { role, isMade }: Reader): Promise<string> {
  if ((await powersOf(client)).isSuperuser) return ''
  const { temporary, database } = await oneRow<{ temporary: boolean; database: string }>(
    client,
    `select quote_ident(current_database()) as database,
            coalesce((select has_database_privilege(oid, current_database(), 'TEMPORARY') from pg_roles where quote_ident(rolname) = $1), false) as temporary`,
    [role],
  )
  return temporary && !isMade ? '' : `grant temporary on database ${database} to ${role};`
}

/**
 * Reads a table of the application with no more rights than its owner. Already the planning of a query runs code that others have written:
 * functions of constants in indexes, partial ones too, in checks and in keys of partitions. It runs in a function with its definer's rights,
 * from which no role can be changed, and the rollback takes back whatever it leaves behind.
 */
export async function readAsOwner<R extends pg.QueryResultRow>(
  client: pg.Client,
  { table, query, columns, within = 'own-transaction' }: TableRead,
): Promise<readonly R[]> {
  const reader = await readerOf(client, table)
  const right = await mayOwn(client, reader)
  try {
    await client.query(
      `${within === 'own-transaction' ? 'begin' : 'savepoint qianyun_read'}; ${makeReader(reader, table)} ${right}
       create function ${helper}(query text) returns setof record language plpgsql security definer
         set search_path = pg_catalog, pg_temp set row_security = off as $fn$ begin return query execute query; end $fn$;
       alter function ${helper}(text) owner to ${reader.role}`,
    )
    const { rows } = await client.query<R>(
      `select * from ${helper}(${client.escapeLiteral(query)}) as found(${columns})`,
    )
    return rows
  } finally {
    await client.query(
      within === 'own-transaction'
        ? 'rollback'
        : 'rollback to savepoint qianyun_read; release savepoint qianyun_read',
    )
  }
}

/**
 * Makes, in the open transaction, cursors over a table that were planned with no more rights than its owner has. What is fetched from them
 * must call no function that others have written.
 */
export async function declareAsOwner(
  client: pg.Client,
  table: string,
  statements: readonly string[],
): Promise<void> {
  const reader = await readerOf(client, table)
  const right = await mayOwn(client, reader)
  await client.query(
    `${makeReader(reader, table)} ${right}
     create function ${helper}(statement text) returns void language plpgsql security definer
       set search_path = pg_catalog, pg_temp set row_security = off as $fn$ begin execute statement; end $fn$;
     alter function ${helper}(text) owner to ${reader.role}`,
  )
  for (const statement of statements)
    await client.query(`select ${helper}(${client.escapeLiteral(statement)})`)
  await client.query(`drop function ${helper}(text)`)
}

/** The owner, unless it is a superuser or cannot read all of the table: then a role with that right and no other. */
async function readerOf(client: pg.Client, table: string): Promise<Reader> {
  const { owner, canRead } = await oneRow<{ owner: string; canRead: boolean }>(
    client,
    `select quote_ident(r.rolname) as owner, not r.rolsuper and not c.relforcerowsecurity
            and has_table_privilege(r.oid, c.oid, 'select') and has_schema_privilege(r.oid, c.relnamespace, 'usage') as "canRead"
       from pg_class c join pg_roles r on r.oid = c.relowner where c.oid = $1::regclass`,
    [table],
  )
  if (canRead) return { role: owner, isMade: false }
  // Nobody else's read has a role of this name: it would be waited for until that read ends.
  return { role: `qianyun_reader_${randomBytes(6).toString('hex')}`, isMade: true }
}

function makeReader({ role, isMade }: Reader, table: string): string {
  if (!isMade) return ''
  return `create role ${role} nologin bypassrls; grant select on table ${table} to ${role};
    do $do$ begin execute format('grant usage on schema %s to ${role}',
      (select relnamespace::regnamespace from pg_catalog.pg_class where oid = '${table.replaceAll("'", "''")}'::regclass)); end $do$;`
}
