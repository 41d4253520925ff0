import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll } from '@jest/globals'
import pg from 'pg'

import { databaseRoleOf, type ProcessName } from '../../domain/process-name.ts'
import { askServers } from './ask-servers.ts'

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

/** Gives the file a fresh database before its tests and drops it after them. Use it inside tests and hooks only. */
export function useDatabase(): TestDatabase {
  return useClone(async () => {
    const { adminUrl, template } = await askServers('template')
    return { adminUrl, template }
  })
}

/** As useDatabase, but empty. */
export function useEmptyDatabase(): TestDatabase {
  return useClone(async () => {
    const { adminUrl } = await askServers('postgres')
    return { adminUrl, template: 'template1' }
  })
}

function useClone(
  source: () => Promise<{ readonly adminUrl: string; readonly template: string }>,
): TestDatabase {
  let current: Awaited<ReturnType<typeof cloneDatabase>> | undefined
  beforeAll(async () => {
    const { adminUrl, template } = await source()
    current = await cloneDatabase(adminUrl, template)
  }, 60_000)
  afterAll(async () => {
    await current?.drop()
  })
  const ready = () => {
    if (current === undefined) throw new Error('The database is there in tests and hooks, not before')
    return current
  }
  return {
    get url() {
      return ready().url
    },
    get pool() {
      return ready().pool
    },
    urlOf: (process) => ready().urlOf(process),
    as: (process) => ready().as(process),
  }
}

async function cloneDatabase(adminUrl: string, template: string) {
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
