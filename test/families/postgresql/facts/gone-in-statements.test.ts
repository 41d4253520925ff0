import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { goneInStatements } from '../../../../families/postgresql/rules/gone-in-statements.ts'
import { goneInTheNewVersion } from '../../../../families/postgresql/rules/gone-in-the-new-version.ts'
import { otherwiseInTheNewVersion } from '../../../../families/postgresql/rules/otherwise-in-the-new-version.ts'
import { withServer } from '../../../support/postgres-pair.ts'
import { makeFolder, removeFolder, startServer, type TestServer } from '../../../support/postgres-servers.ts'

describe('statements that clients run on the side that serves', () => {
  let folder: string
  let server: TestServer

  beforeAll(async () => {
    folder = await makeFolder('statements')
    server = await startServer(folder, 'old', 15, { shared_preload_libraries: 'pg_stat_statements' })
    await asAdministrator(`create role exporter login password 'seen' in role pg_monitor`)
  }, 60_000)

  afterAll(async () => {
    await server.stop()
    await removeFolder(folder)
  }, 30_000)

  async function asAdministrator(sql: string): Promise<readonly unknown[]> {
    return withServer(server.port, 'postgres', async (client) => (await client.query(sql)).rows as unknown[])
  }

  async function withExporter<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
    const client = new pg.Client({
      ...{ host: '127.0.0.1', port: server.port, database: 'postgres', user: 'exporter', password: 'seen' },
      application_name: 'exporter 0.15',
    })
    await client.connect()
    try {
      return await work(client)
    } finally {
      await client.end()
    }
  }

  const found = async () => asAdministrator(goneInStatements.sql ?? '')

  it('are found by the session that ran one last, with its application', async () => {
    await withExporter(async (client) => {
      await client.query('/* now */ select checkpoints_timed, buffers_backend from pg_stat_bgwriter')
      expect(await found()).toEqual([
        {
          object: 'exporter',
          version: 17,
          what: 'pg_stat_bgwriter.buffers_backend, pg_stat_bgwriter.checkpoints_timed',
          application: 'exporter 0.15',
        },
      ])
      await client.query('select buffers_alloc from pg_stat_bgwriter')
      expect(await found()).toEqual([])
    })
  }, 60_000)

  it('are found long after in what the server keeps of them, the rule’s own and changes of the schema left out', async () => {
    await asAdministrator('create schema kept; create extension pg_stat_statements schema kept')
    await withExporter(async (client) => {
      await client.query(`select wal_write from pg_stat_wal where 1 < 2 and 'a' <> '</text>'`)
      await client.query('select blk_read_time from pg_stat_database')
    })
    await asAdministrator(
      `create function checkpoints() returns bigint language sql as 'select checkpoints_timed from pg_stat_bgwriter'`,
    )
    await asAdministrator(goneInTheNewVersion.sql ?? '')
    await found()

    const [first, ...others] = await found()
    expect(first).toMatchObject({ object: 'exporter', version: 17, application: '-' })
    expect(others).toEqual([
      { object: 'exporter', version: 18, what: 'pg_stat_wal.wal_write', application: '-' },
    ])
  }, 60_000)

  it('are found as well where they give something else in a later version, as functions are', async () => {
    await withExporter(async (client) => client.query('select 1 + extract(epoch from now()) as age'))
    await asAdministrator(
      `create function age() returns float language sql as 'select extract(year from now())';
       create function name() returns text language sql as $$ select 'extract, from' $$`,
    )
    const rows = await asAdministrator(otherwiseInTheNewVersion.sql ?? '')
    const row = { version: 14, what: 'EXTRACT', before: 'double precision', after: 'numeric' }
    expect(rows).toEqual([
      { object: 'age()', ...row },
      { object: 'exporter', ...row },
    ])
  }, 60_000)
})
