import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { lookAfterForward } from '../../../families/postgresql/replication/look-after.ts'
import { startReplication } from '../../../families/postgresql/replication/start.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import {
  type Pair,
  database,
  makeApplication,
  startPair,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { until } from '../../support/until.ts'
import { adminPassword } from '../../support/postgres-servers.ts'

let pair: Pair
const open: pg.Client[] = []

beforeAll(async () => {
  pair = await startPair('waits')
  await Promise.all([pair.old, pair.new].map(async (one) => one.restart({ max_prepared_transactions: '5' })))
  await makeApplication(pair)
  await withServer(pair.old.port, 'postgres', async (client) => client.query('create database other'))
  await withServer(pair.old.port, 'other', async (client) => client.query('create table t (n integer)'))
  await withServer(pair.old.port, database, async (client) => client.query('create table visit (page text)'))
}, 120_000)

afterAll(async () => {
  await Promise.all(open.map(async (client) => client.end().catch(() => undefined)))
  await pair.stop()
}, 30_000)

/** A session on the old side that stays in its transaction. */
async function holding(name: string, application: string, ...statements: string[]): Promise<pg.Client> {
  return holdingOn(pair.old, name, application, ...statements)
}

async function holdingOn(
  { port }: { readonly port: number },
  name: string,
  application: string,
  ...statements: string[]
): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port,
    database: name,
    user: 'postgres',
    password: adminPassword,
    application_name: application,
  })
  client.on('error', () => undefined)
  await client.connect()
  open.push(client)
  for (const statement of statements) await client.query(statement)
  return client
}

const replicating = async (copyTimeoutMs: number, lines: string[] = []) =>
  startReplication({
    from: pair.source,
    to: pair.target,
    waivers: { 'public.visit': 'rows are only ever added' },
    replace: true,
    freeze: 'record',
    copyTimeoutMs,
    signal: new AbortController().signal,
    say: (line) => lines.push(line),
  })

/** The longest a read of the table took while `work` was under way, milliseconds. */
async function longestRead(work: Promise<unknown>): Promise<number> {
  const reader = await holding(database, 'clerk')
  let running = true as boolean
  const ended = work.catch(() => undefined).then(() => (running = false))
  let longest = 0
  while (running) {
    const began = performance.now()
    await reader.query('select count(*) from visit')
    longest = Math.max(longest, performance.now() - began)
    await sleep(10)
  }
  await ended
  return longest
}

describe('the key that a waiver gives a table', () => {
  it('is waited for by us alone while somebody reads the table for long, who is named', async () => {
    const report = await holding(
      database,
      'report',
      'begin',
      `select count(*) from visit where page <> 'secret'`,
    )
    const lines: string[] = []
    const refused = replicating(3_000, lines)

    expect(await longestRead(refused)).toBeLessThan(4_000)
    await expect(refused).rejects.toMatchObject({
      code: 'lock-not-gotten',
      tables: ['public.visit'],
      holders: expect.arrayContaining([
        expect.stringMatching(
          /^process \d+ of role "postgres" .*"report".* open since 20.* UTC: select count/,
        ),
      ]),
    })
    expect(lines.join()).toContain('"report"')
    expect(lines.join()).not.toContain('secret')
    await report.end()
  }, 120_000)
})

describe('a slot', () => {
  it('waits in bounds for a write transaction of another database, which is named', async () => {
    const other = await holding('other', 'batch', 'begin', 'insert into t values (1)')

    await expect(replicating(3_000)).rejects.toMatchObject({
      code: 'open-transactions-on-target',
      sessions: [expect.stringMatching(/database "other" .*"batch".*: insert into t values/)],
    })
    await other.end()
  }, 120_000)

  it('waits in bounds for a transaction that is prepared and has no process', async () => {
    await withServer(pair.old.port, 'other', async (client) =>
      client.query(`begin; insert into t values (2); prepare transaction 'coordinator-7'`),
    )
    await expect(replicating(3_000)).rejects.toMatchObject({
      sessions: [
        expect.stringMatching(/^prepared transaction "coordinator-7" of role "postgres" in database "other"/),
      ],
    })
    await withServer(pair.old.port, 'other', async (client) =>
      client.query(`rollback prepared 'coordinator-7'`),
    )
    expect(await replicating(20_000)).toMatchObject({ already: false })
  }, 120_000)
})

describe('what arrives on the new side', () => {
  const refusal = async () =>
    switchOver(switchPlan(pair, pair.source, pair.target)).then(
      () => 'switched',
      (error: unknown) => String(error),
    )

  it('waits for whoever reads a table that was emptied, who is named before a switch and at every look', async () => {
    const report = await holdingOn(pair.new, database, 'report', 'begin', 'select from visit')
    await withServer(pair.old.port, database, async (client) => client.query('truncate visit'))

    expect(await refusal()).toMatch(/waits for a lock of process \d+ of role "postgres" .*"report"/)
    const looked = await lookAfterForward(pair.source, pair.target)
    expect(looked.map(({ code, values }) => [code, values])).toEqual([
      ['forward-apply-waits', expect.objectContaining({ holders: [expect.stringContaining('"report"')] })],
    ])
    await report.query('commit')
    await untilQuiet()
  }, 120_000)

  it('waits for a transaction that is prepared, which has no process', async () => {
    await withServer(pair.new.port, database, async (client) =>
      client.query(
        `begin; select from visit; lock visit in access share mode; prepare transaction 'coordinator-8'`,
      ),
    )
    await withServer(pair.old.port, database, async (client) => client.query('truncate visit'))
    await until(async () => (await lookAfterForward(pair.source, pair.target)).length > 0)
    expect(JSON.stringify(await lookAfterForward(pair.source, pair.target))).toContain('coordinator-8')
    await withServer(pair.new.port, database, async (client) =>
      client.query(`rollback prepared 'coordinator-8'`),
    )
    await untilQuiet()
  }, 120_000)

  const untilQuiet = async () =>
    until(async () => (await lookAfterForward(pair.source, pair.target)).length === 0)
})

describe('a server that takes no writes', () => {
  afterAll(async () => {
    await setOn(pair.new.port, '')
  })

  it('is refused before anything is written there, also once replication has begun', async () => {
    await setOn(pair.new.port, 'beside')
    const began = Date.now()
    await expect(replicating(20_000)).rejects.toMatchObject({
      code: expect.stringMatching(/^(census-refused|no-writes-taken)$/),
    })
    await setOn(pair.new.port, '')
    await replicating(60_000)
    await setOn(pair.new.port, 'beside')
    await expect(switchOver(switchPlan(pair, pair.source, pair.target))).rejects.toMatchObject({
      code: 'no-writes-taken',
    })
    expect(Date.now() - began).toBeLessThan(60_000)
    await setOn(pair.new.port, '')
  }, 120_000)

  it('is found as a standby', async () => {
    await withServer(pair.old.port, 'postgres', async (client) => {
      const { rows } = await client.query<{ folder: string }>(
        `select current_setting('data_directory') as folder`,
      )
      await client.query(`copy (select '') to '${rows[0]?.folder ?? ''}/standby.signal'`)
    })
    await pair.old.restart({ max_prepared_transactions: '5' })
    const { findings } = await assessDatabase(pair.source, { target: pair.target, waivers: [] })
    expect(findings.map(({ code }) => code)).toContain('server-is-standby')
    await expect(switchOver(switchPlan(pair, pair.source, pair.target))).rejects.toMatchObject({
      code: 'no-writes-taken',
    })
  }, 120_000)
})

async function setOn(port: number, standbys: string): Promise<void> {
  await withServer(port, 'postgres', async (client) => {
    await client.query(`set synchronous_commit = local`)
    await client.query(`alter system set synchronous_standby_names = '${standbys}'`)
    await client.query('select pg_reload_conf()')
    for (;;) {
      const { rows } = await client.query<{ now: string }>('show synchronous_standby_names')
      if (Object.values(rows[0] ?? {})[0] === standbys) return
      await sleep(20)
    }
  })
}
