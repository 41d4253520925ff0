import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { assessDatabase } from '../../../../families/postgresql/assess.ts'
import { statefulWords } from '../../../../families/postgresql/facts/session-uses.ts'
import {
  appRole,
  database,
  makeApplication,
  type Pair,
  startPair,
  switchPlan,
  withServer,
} from '../../../support/postgres-pair.ts'
import { appPassword } from '../../../support/postgres-servers.ts'

describe('a statement', () => {
  it.each([
    ['LISTEN jobs', 'LISTEN jobs'],
    ["SET app.tenant = 'li'", 'SET app.tenant'],
    ['set  session search_path to tenant_7', 'set session search_path'],
    ['SET ROLE clerk', 'SET ROLE'],
    ['-- a job\n/* of the night */ PREPARE plan_of (int) AS SELECT $1', 'PREPARE plan_of'],
    ['CREATE TEMP TABLE IF NOT EXISTS staging_rows (n int)', 'CREATE TEMP TABLE IF NOT EXISTS staging_rows'],
    ['declare c cursor with hold for select 1', 'declare c cursor with hold'],
    ['select pg_try_advisory_lock($1)', 'pg_try_advisory_lock'],
  ])('leaves something in its session: %s', (statement, words) => {
    expect(statefulWords(statement)).toBe(words)
  })

  it.each([
    "SET LOCAL app.tenant = 'li'",
    'SET application_name = $1',
    'set client_encoding to utf8',
    'SET TRANSACTION READ ONLY',
    'SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY',
    'update permits set role = 1',
    "PREPARE TRANSACTION 'x'",
    'create temp table t (n int) on commit drop',
    'declare c cursor for select 1',
    'select pg_advisory_xact_lock(1)',
    'DISCARD ALL',
    'unlisten *',
  ])('leaves nothing in its session: %s', (statement) => {
    expect(statefulWords(statement)).toBeUndefined()
  })
})

describe('the assessment of a database whose clients get other sessions from the pooler', () => {
  let pair: Pair
  const open: pg.Client[] = []

  beforeAll(async () => {
    pair = await startPair('session-uses')
    await makeApplication(pair)
    await pair.old.restart({ shared_preload_libraries: 'pg_stat_statements' })
    await onOld(`create role report login password '${appPassword}'`)
  }, 120_000)

  afterAll(async () => {
    for (const client of open) await client.end().catch(() => undefined)
    await pair.stop()
  }, 30_000)

  const onOld = async (sql: string) =>
    withServer(pair.old.port, database, async (client) => client.query(sql))

  async function session(user: string, at: { port: number; database: string }): Promise<pg.Client> {
    const client = new pg.Client({
      host: '127.0.0.1',
      user,
      password: appPassword,
      application_name: 'permits',
      ...at,
    })
    client.on('error', () => undefined)
    await client.connect()
    open.push(client)
    return client
  }
  const pooled = async () =>
    session(appRole, {
      port: pair.entry.port,
      database: switchPlan(pair, pair.source, pair.target).entry.name,
    })

  async function found(code: string): Promise<readonly [string, string][]> {
    const { entry } = switchPlan(pair, pair.source, pair.target)
    const { findings, facts } = await assessDatabase(pair.source, {
      waivers: [],
      entries: [entry.toLookAt()],
    })
    expect(facts.unknown.map(({ topic }) => topic)).not.toContain('session uses')
    return findings.filter((one) => one.code === code).map(({ subject, message }) => [subject, message.en])
  }

  it('finds nothing where nobody was seen to need one', async () => {
    const client = await pooled()
    await client.query('select $1::int', [1])
    await client.query('begin; set local search_path = public; commit')
    expect(await found('entry-loses-session-state')).toEqual([])
    expect(await found('entry-knows-no-prepared-statements')).toEqual([])
  }, 60_000)

  it('reads no view or function of the database that is called like the statistics', async () => {
    await onOld(
      `create function public.pg_stat_statements(boolean) returns setof text language sql as $$ select 1/0 || '' $$;
       create view public.pg_stat_statements as select 1/0 as query`,
    )
    expect(await found('entry-loses-session-state')).toEqual([])
    await onOld('drop view public.pg_stat_statements; drop function public.pg_stat_statements(boolean)')
  }, 60_000)

  it('finds state of sessions that are open, and what the statistics of statements have counted', async () => {
    await onOld('create extension pg_stat_statements')
    const client = await pooled()
    await client.query('create temp table staging_rows (n int)')
    await client.query('listen jobs')
    const [[role, says] = ['', ''], ...others] = await found('entry-loses-session-state')
    expect([role, others]).toEqual([appRole, []])
    expect(says).toContain('listen jobs')
    expect(says).toContain('create temp table staging_rows')
    expect(says).toContain('seen in pg_stat_activity, pg_stat_statements')
  }, 60_000)

  it('finds who sends parameters past an entry that keeps no prepared statements, and not who comes through it', async () => {
    const direct = await session('report', { port: pair.old.port, database })
    await direct.query('select $1::int', [1])
    const client = await pooled()
    await client.query('select $1::int', [1])
    const [[role, says] = ['', ''], ...others] = await found('entry-knows-no-prepared-statements')
    expect([role, others]).toEqual(['report', []])
    expect(says).toMatch(
      /\(PgBouncer \d+\.\d+\.\d+, max_prepared_statements (0|-)\) keeps no prepared statements/,
    )
  }, 60_000)
})
