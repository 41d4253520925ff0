import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { databaseRoleOf, type ProcessName } from '../../domain/process-name.ts'

/** A database of a test file's own, with the schema applied. */
export interface TestDatabase {
  readonly url: string
  /** As a superuser, who may change what no process may. */
  readonly pool: pg.Pool
  /** Where a process connects, by its role. */
  urlOf(process: ProcessName): string
  /** As a process, with its rights. */
  as(process: ProcessName): pg.Pool
}

/** Makes a database of its own from a template on a server. */
export async function cloneDatabase(adminUrl: string, template: string) {
  const name = `test_${randomBytes(6).toString('hex')}`
  await query(adminUrl, `CREATE DATABASE ${name} TEMPLATE ${template} STRATEGY FILE_COPY`)
  const url = new URL(adminUrl)
  url.pathname = `/${name}`
  const pool = new pg.Pool({ connectionString: url.href })
  // Connections that are idle when the database is dropped are told so.
  pool.on('error', () => undefined)
  const urlOf = (process: ProcessName) => {
    const own = new URL(url)
    own.username = databaseRoleOf(process)
    own.password = process
    return own.href
  }
  const ofProcesses = new Map<ProcessName, pg.Pool>()
  const as = (process: ProcessName) => {
    const known = ofProcesses.get(process)
    if (known !== undefined) return known
    const made = new pg.Pool({ connectionString: urlOf(process) })
    made.on('error', () => undefined)
    ofProcesses.set(process, made)
    return made
  }
  return {
    url: url.href,
    pool,
    urlOf,
    as,
    drop: async () => {
      for (const each of [pool, ...ofProcesses.values()]) await each.end()
      await query(adminUrl, `DROP DATABASE ${name} WITH (FORCE)`)
    },
  }
}

async function query(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}
