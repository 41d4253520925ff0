import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'
import { readAsOwner } from '../server/read-as-owner.ts'
import type { Asked } from './topics.ts'

/** A run that a migration tool has on record in its own table as neither ended nor undone. */
export interface MigrationRun {
  readonly table: string
  readonly tool: string
  /** What the table says of it: by whom, since when, or which version. */
  readonly state: string
  /** What ends it: a statement, or a command of the tool. */
  readonly release: string
}

interface Tool {
  readonly name: string
  /** Its table, in lower case: a tool can be told to use another one. */
  readonly table: string
  /** Columns by which the table is known to be the tool's. */
  readonly columns: readonly string[]
  /** SQL in which `{name}` stands for a column, as in the two that follow. */
  readonly open: string
  readonly state: string
  release(table: string): string
}

/** What these tools do with such a row as an application starts: they wait for it and fail, or fail at once. */
const tools: readonly Tool[] = [
  {
    name: 'Liquibase',
    table: 'databasechangeloglock',
    columns: ['locked', 'lockgranted', 'lockedby'],
    open: `{locked}::text in ('true', '1')`,
    state: `concat_ws(' ', {lockedby}::text, date_trunc('second', {lockgranted})::text)`,
    release: (table) => `update ${table} set {locked} = false, {lockgranted} = null, {lockedby} = null`,
  },
  ...['knex_migrations_lock', 'kysely_migration_lock'].map((table): Tool => ({
    name: table.startsWith('knex') ? 'Knex' : 'Kysely',
    table,
    columns: ['is_locked'],
    open: `{is_locked}::text in ('true', '1')`,
    state: `'locked'`,
    release: (found) => `update ${found} set {is_locked} = 0`,
  })),
  {
    name: 'golang-migrate',
    table: 'schema_migrations',
    columns: ['version', 'dirty'],
    open: `{dirty}::text = 'true'`,
    state: `concat('version ', {version}::text)`,
    release: () => 'migrate force VERSION',
  },
  {
    name: 'Flyway',
    table: 'flyway_schema_history',
    columns: ['installed_rank', 'description', 'success'],
    open: `{success}::text = 'false'`,
    state: `{description}::text`,
    release: () => 'flyway repair',
  },
  {
    name: 'Prisma',
    table: '_prisma_migrations',
    columns: ['migration_name', 'finished_at', 'rolled_back_at'],
    open: `{finished_at} is null and {rolled_back_at} is null`,
    state: `{migration_name}::text`,
    release: () => 'prisma migrate resolve',
  },
]

interface FoundTable {
  readonly table: string
  readonly name: string
  readonly columns: Readonly<Record<string, string>>
}

/** $1: names of tables, in lower case. */
const tablesQuery = `
SELECT format('%I.%I', n.nspname, c.relname) AS table, lower(c.relname) AS name,
       (SELECT json_object_agg(lower(a.attname), quote_ident(a.attname)) FROM pg_attribute a
         WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped) AS columns
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind = 'r' AND lower(c.relname) = ANY ($1) AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'qianyun')
 ORDER BY 1`

/** Looks into the tables of migration tools, as far as the database has them, with no more rights than their owners have. */
export async function migrationRuns({ rows, port }: Asked): Promise<readonly MigrationRun[]> {
  const tables = await rows<FoundTable>(tablesQuery, [tools.map(({ table }) => table)])
  const known = tables.flatMap((found) => {
    const tool = tools.find(
      ({ table, columns }) => table === found.name && columns.every((column) => column in found.columns),
    )
    return tool === undefined ? [] : [{ found, tool }]
  })
  return known.length === 0 ? [] : readRuns(port, known)
}

async function readRuns(
  port: DatabasePort,
  known: readonly { readonly found: FoundTable; readonly tool: Tool }[],
): Promise<readonly MigrationRun[]> {
  return withClient(port, 'census', async (client) => {
    await client.query(`set lock_timeout = '2s'; set statement_timeout = '10s'`)
    const runs: MigrationRun[] = []
    for (const { found, tool } of known) runs.push(...(await openRuns(client, found, tool)))
    return runs
  })
}

async function openRuns(
  client: pg.Client,
  { table, columns }: FoundTable,
  tool: Tool,
): Promise<readonly MigrationRun[]> {
  const withColumns = (sql: string): string =>
    sql.replace(/\{(\w+)\}/g, (_, name: string) => columns[name] ?? name)
  const rows = await readAsOwner<{ state: string | null }>(client, {
    table,
    query: `select left(${withColumns(tool.state)}, 200) from ${table} where ${withColumns(tool.open)} limit 5`,
    columns: 'state text',
  })
  if (rows.length === 0) return []
  const state = rows.map((row) => row.state ?? '-').join('; ')
  return [{ table, tool: tool.name, state, release: withColumns(tool.release(table)) }]
}
