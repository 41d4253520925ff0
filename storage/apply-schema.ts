import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { QianyunError } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'
import { recordCommands } from './commands.ts'
import { locks, type Queryable } from './pool.ts'

/** Thrown when a newer version of the product has written the database. */
export class DatabaseNewerError extends QianyunError {
  override name = 'DatabaseNewerError'
  readonly code = 'database-newer'

  constructor(
    readonly found: number,
    readonly supported: number,
  ) {
    super(said('database-newer', { found, supported }))
  }
}

/** Thrown when the database has not been upgraded to the schema of this product. */
export class DatabaseOlderError extends QianyunError {
  override name = 'DatabaseOlderError'
  readonly code = 'database-older'

  constructor(
    readonly found: number,
    readonly wanted: number,
  ) {
    super(said('database-older', { found, wanted }))
  }
}

const schemaFolder = join(import.meta.dirname, 'schema')

/**
 * Upgrades the database to the newest schema, if necessary. Several processes may start at once: one upgrades, the others wait.
 * @returns the number of the schema
 * @throws DatabaseNewerError
 */
export async function applySchema(pool: pg.Pool): Promise<number> {
  const versions = schemaVersions()
  const supported = newestSchema()
  const client = await pool.connect()
  try {
    // Must come first: otherwise two processes would both find the same schema missing.
    await client.query('select pg_advisory_lock($1)', [locks.schema])
    try {
      const found = await currentVersion(client)
      if (found > supported) throw new DatabaseNewerError(found, supported)
      for (const version of versions.filter((each) => each > found)) await applyOne(client, version)
      return supported
    } finally {
      await client.query('select pg_advisory_unlock($1)', [locks.schema])
    }
  } finally {
    client.release()
  }
}

/**
 * Checks that the database has the schema of this product. The owner of the tables upgrades it, no process does.
 * @throws DatabaseOlderError DatabaseNewerError
 */
export async function assertSchema(client: Queryable): Promise<void> {
  const wanted = newestSchema()
  const { rows } = await client
    .query<{ version: number }>('select coalesce(max(version), 0) as version from schema_version')
    .catch((error: unknown) => {
      if (isNoTable(error)) return { rows: [] }
      throw error
    })
  const found = rows[0]?.version ?? 0
  if (found > wanted) throw new DatabaseNewerError(found, wanted)
  if (found < wanted) throw new DatabaseOlderError(found, wanted)
}

/** The number of the newest schema this product knows. */
export const newestSchema = (): number => schemaVersions().at(-1) ?? 0

/** There is no such table, or the role may not use the schema that it is in. */
const isNoTable = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && (error.code === '42P01' || error.code === '42501')

async function currentVersion(client: pg.PoolClient): Promise<number> {
  await client.query(
    'create table if not exists schema_version (version integer primary key, applied_at timestamptz not null default now())',
  )
  const { rows } = await client.query<{ version: number }>(
    'select coalesce(max(version), 0) as version from schema_version',
  )
  return rows[0]?.version ?? 0
}

async function applyOne(client: pg.PoolClient, version: number): Promise<void> {
  const sql = textOf(version)
  await client.query('begin')
  try {
    await client.query(sql)
    if (version === 12) await recordCommands(client)
    await client.query('insert into schema_version (version) values ($1)', [version])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** All of the schema, as it is written. */
export function schemaText(): string {
  return schemaVersions().map(textOf).join('\n')
}

const textOf = (version: number): string =>
  readFileSync(join(schemaFolder, `${String(version).padStart(6, '0')}.sql`), 'utf8')

function schemaVersions(): number[] {
  return readdirSync(schemaFolder)
    .filter((name) => /^\d{6}\.sql$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .sort((a, b) => a - b)
}
