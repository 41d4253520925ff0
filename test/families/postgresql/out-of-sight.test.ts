import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { outOfSight } from '../../../families/postgresql/copy/out-of-sight.ts'
import { PostgresDatabase } from '../../../families/postgresql/database.ts'
import { publication } from '../../../families/postgresql/replication/publication.ts'
import { createSubscription } from '../../../families/postgresql/replication/subscriptions.ts'
import { ensureProcessRoles } from '../../../storage/process-roles.ts'
import {
  adminUser,
  makeFolder,
  removeFolder,
  startServer,
  type TestServer,
} from '../../support/postgres-servers.ts'
import { withServer } from '../../support/postgres-pair.ts'

/** All by which a server can be told to keep what it is asked. */
const curious = {
  shared_preload_libraries: 'pg_stat_statements',
  'pg_stat_statements.track': 'all',
  log_statement: 'all',
  log_duration: 'on',
  log_min_duration_statement: '0',
  log_min_duration_sample: '0',
  log_statement_sample_rate: '1',
  log_transaction_sample_rate: '1',
  log_min_error_statement: 'debug5',
  debug_print_parse: 'on',
  debug_print_rewritten: 'on',
  debug_print_plan: 'on',
  log_parser_stats: 'on',
  log_replication_commands: 'on',
}

describe.each([15, 18] as const)('a password that PostgreSQL %s is given in a statement', (version) => {
  let folder: string
  let server: TestServer

  beforeAll(async () => {
    folder = await makeFolder('out-of-sight')
    server = await startServer(folder, 'one', version, curious)
    await withServer(server.port, 'postgres', async (client) =>
      client.query('create extension pg_stat_statements'),
    )
  }, 60_000)

  afterAll(async () => {
    await server.stop()
    await removeFolder(folder)
  })

  /** Where a word stands that a server was given; its log is read up to a statement that came after it. */
  async function placesOf(word: string): Promise<readonly string[]> {
    return withServer(server.port, 'postgres', async (client) => {
      const after = randomBytes(12).toString('hex')
      await client.query(`select '${after}'`)
      const log = () => readFileSync(join(folder, 'server.log'), 'utf8')
      while (!log().includes(after)) await sleep(20)
      const isLogged = log().includes(word)
      const statements = await client.query('select from pg_stat_statements where query like $1', [
        `%${word}%`,
      ])
      const activity = await client.query(
        `select from pg_stat_activity where query like $1 and pid <> pg_backend_pid()`,
        [`%${word}%`],
      )
      return [
        ...(statements.rowCount === 0 ? [] : ['pg_stat_statements']),
        ...(activity.rowCount === 0 ? [] : ['pg_stat_activity']),
        ...(isLogged ? ['log'] : []),
      ]
    })
  }

  /** A session in which a word was used, still open. */
  async function afterwards(work: (client: pg.Client, word: string) => Promise<unknown>) {
    const word = randomBytes(12).toString('hex')
    return withServer(server.port, 'postgres', async (client) => {
      await work(client, word).catch(() => undefined)
      return placesOf(word)
    })
  }

  it.each<[string, (client: pg.Client, word: string) => Promise<unknown>]>([
    ['a role', async (client, word) => outOfSight(client, `create role r login password '${word}'`)],
    [
      'a role that cannot be made',
      async (client, word) => outOfSight(client, `alter role nobody password '${word}'`),
    ],
    [
      'a statement that the server quotes as it refuses it',
      async (client, word) => outOfSight(client, `create role "${word}`),
    ],
    ['a subscription', async (client, word) => subscribe(client, word, false)],
    ['a subscription whose publisher does not answer', async (client, word) => subscribe(client, word, true)],
    [
      'the roles of the product’s own processes',
      async (client, word) =>
        ensureProcessRoles(client, { api: word, orchestrator: word, runner: word }, { renew: true }),
    ],
  ])('is in no log and no statistics: %s', async (_, work) => {
    expect(await afterwards(work)).toEqual([])
  })

  it('would be in all of them', async () => {
    const places = await afterwards(async (client, word) => client.query(`create role "r${word}"`))
    expect(places).toEqual(['pg_stat_statements', 'pg_stat_activity', 'log'])
  })

  it('leaves a session as it was', async () => {
    await withServer(server.port, 'postgres', async (client) => {
      const settings = async () =>
        (await client.query<{ name: string }>('select name, setting from pg_settings order by 1')).rows
      await client.query('set log_statement = mod; set pg_stat_statements.track = top')
      const before = await settings()
      await outOfSight(client, 'select 1')
      expect(await settings()).toEqual(before)
    })
  })

  async function subscribe(client: pg.Client, password: string, createSlot: boolean): Promise<void> {
    const place = { host: 'source', address: '127.0.0.1', port: 1, database: 'postgres', adminUser } as const
    const publisher = new PostgresDatabase(
      'source',
      { ...place, adminSecret: 'admin', appRoles: [], appSecret: 'app' },
      async () => password,
    )
    const flags = { copyData: false, enabled: false, originNone: false, createSlot }
    await createSubscription(client, {
      name: `to_${publication}_${createSlot ? 'a' : 'b'}`,
      publisher,
      ...flags,
    })
  }
})
