import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { assessDatabase } from '../../../families/postgresql/assess.ts'
import { preflight } from '../../../families/postgresql/census/findings.ts'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import type { SwitchPlan } from '../../../families/postgresql/switchover/plan.ts'
import { lookAtFence } from '../../../families/postgresql/server/sessions.ts'
import { say } from '../../../domain/words/said.ts'
import { healthOf } from '../../../families/postgresql/health-findings.ts'
import { ReturnWatch } from '../../../families/postgresql/return-watch.ts'
import { removal } from '../../../families/postgresql/removal.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
  withServer,
  pooled,
} from '../../support/postgres-pair.ts'
import { until } from '../../support/until.ts'
import { adminPassword, adminUser, appPassword } from '../../support/postgres-servers.ts'

let pair: Pair
let writers: LedgerWriters

beforeAll(async () => {
  pair = await startPair('strangers')
  await makeApplication(pair)
  await withServer(pair.old.port, 'postgres', async (client) => {
    await client.query(`create role report login password '${appPassword}'`)
    await client.query('create database elsewhere')
  })
}, 120_000)

afterAll(async () => {
  await (writers as LedgerWriters | undefined)?.stop()
  await pair.stop()
}, 30_000)

const plan = (changed: Partial<SwitchPlan> = {}) => switchPlan(pair, pair.source, pair.target, changed)
const onOld = async (sql: string, name = database) =>
  withServer(pair.old.port, name, async (client) => client.query(sql))

async function assessed(): Promise<readonly { code: string; subject: string }[]> {
  const { findings } = await assessDatabase(pair.source, {
    target: pair.target,
    waivers: {},
    entries: [plan().entry.toLookAt()],
  })
  return findings.map(({ code, subject }) => ({ code, subject }))
}

/** The codes a switch is refused with, and their objects. */
async function refusals(changed: Partial<SwitchPlan> = {}): Promise<readonly unknown[]> {
  try {
    await switchOver(plan(changed))
    return []
  } catch (error) {
    if (!(error instanceof Error && 'problems' in error)) throw error
    return (error.problems as readonly { code: string; object: string }[]).map(({ code, object }) => [
      code,
      object,
    ])
  }
}

/** The settings of a server with four enabled subscriptions of other databases on it. */
async function withCrowdedServer(work: () => Promise<void>): Promise<void> {
  await pair.old.restart({ max_logical_replication_workers: '4' })
  for (const n of [1, 2, 3, 4])
    await onOld(
      `create subscription busy_${String(n)} connection 'host=127.0.0.1 port=1' publication p with (connect = false);
       alter subscription busy_${String(n)} enable`,
      'elsewhere',
    )
  try {
    await work()
  } finally {
    for (const n of [1, 2, 3, 4])
      await onOld(
        `alter subscription busy_${String(n)} disable; alter subscription busy_${String(n)} set (slot_name = none);
         drop subscription busy_${String(n)}`,
        'elsewhere',
      )
    await pair.old.restart({})
  }
}

describe('before anything is replicated', () => {
  it('the assessment finds who else is there, and preflight what stands at the door', async () => {
    const direct = await session('report')
    await onOld(`select pg_create_logical_replication_slot('cdc', 'test_decoding')`)

    const admin = await pair.entry.admin()
    await admin.query('set query_wait_timeout = 5')

    const found = await assessed()

    await admin.query('reload')
    await admin.end()
    expect(found).toEqual(
      expect.arrayContaining([
        { code: 'entry-gives-up-early', subject: plan().entry.name },
        { code: 'foreign-slot', subject: 'cdc' },
        { code: 'entry-bypassed', subject: 'report@127.0.0.1' },
      ]),
    )
    await expect(
      preflight(pair.source, { target: pair.target, waivers: {}, entries: [plan().entry.toLookAt()] }),
    ).resolves.toBeUndefined()
    await direct.end()
    await onOld(`select pg_drop_replication_slot('cdc')`)
  }, 120_000)

  it('the assessment names roles shared with other systems; preflight holds stored passwords against the new pg_hba.conf', async () => {
    await onOld(`set password_encryption = md5; create role clerk login password 'clerk'; grant select on office to clerk;
      create role batch login; grant select on office to batch`)
    await onOld('grant connect on database elsewhere to clerk', 'postgres')
    await onOld(
      'create table kept (id int); alter table kept owner to report; grant usage on schema public to report',
      'elsewhere',
    )
    await onOld('grant select on office to report')
    const findings = (await assessDatabase(pair.source, { target: pair.target, waivers: [] })).findings
    const shared = findings.filter(({ code }) => code === 'role-shared')
    expect(shared.map(({ subject, values }) => [subject, values?.['databases']])).toEqual(
      expect.arrayContaining([['clerk', 'elsewhere']]),
    )
    const refused = async () =>
      preflight(pair.source, { target: pair.target, waivers: {}, entries: [] }).then(
        () => [],
        (error: unknown) =>
          (error as { problems: { code: string; object: string }[] }).problems.map(
            ({ code, object }) => `${code} ${object}`,
          ),
      )
    expect(await refused()).toEqual(['password-hash-refused batch', 'password-hash-refused clerk'])
    const file = join(pair.folder, 'new', 'pg_hba.conf')
    const before = readFileSync(file, 'utf8')
    const reload = async () =>
      withServer(pair.new.port, 'postgres', async (client) =>
        client.query('select pg_reload_conf(), pg_sleep(0.2)'),
      )
    writeFileSync(file, `host ${database} clerk 127.0.0.0/8 md5\n${before}`)
    await reload()
    expect(await refused()).toEqual(['password-hash-refused batch'])
    writeFileSync(file, before)
    await reload()
    await onOld('drop owned by clerk, batch; revoke select on office from report')
    await onOld('revoke connect on database elsewhere from clerk', 'postgres')
    await onOld('drop owned by report', 'elsewhere')
    await onOld('drop role clerk, batch', 'postgres')
  }, 120_000)

  it('preflight refuses what a switch would be refused for', async () => {
    const entry = pooled(plan(), { login: { user: 'report', password: appPassword } })
    await expect(
      preflight(pair.source, { target: pair.target, waivers: {}, entries: [entry.toLookAt()] }),
    ).rejects.toMatchObject({ problems: [{ code: 'entry-refuses-role', object: 'report' }] })
  }, 120_000)
})

describe('a session that is idle', () => {
  it('is told while it holds an advisory lock, which ends with it', async () => {
    const leader = await session('report')
    const told = { code: 'session-lock-held', subject: 'report' }
    await leader.query('begin; select pg_advisory_xact_lock(7); commit')
    expect(await assessed()).not.toContainEqual(told)
    await leader.query('select pg_advisory_lock(7)')
    expect(await assessed()).toContainEqual(told)
    await leader.end()
  }, 120_000)
})

async function session(role: string): Promise<pg.Client> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: pair.old.port,
    database,
    user: role,
    password: appPassword,
    application_name: 'nightly',
  })
  client.on('error', () => undefined)
  await client.connect()
  return client
}

describe('a switch', () => {
  beforeAll(async () => {
    await replicate(pair)
    writers = await startWriters(pair)
  }, 120_000)

  it('is refused while the workers of the old server are all taken, which the way back needs', async () => {
    await withCrowdedServer(async () => {
      expect(await assessed()).toContainEqual({
        code: 'replication-workers',
        subject: `127.0.0.1:${String(pair.old.port)}`,
      })
      expect(await refusals()).toEqual([['replication-workers', `127.0.0.1:${String(pair.old.port)}`]])
    })
  }, 150_000)

  describe('whose checks are done is refused by name, before anybody waits, for', () => {
    /** Somebody comes while the last logins of the checks are tried. */
    const meanwhile = async (come: () => Promise<unknown>): Promise<readonly unknown[]> => {
      const from = Object.create(pair.source) as typeof pair.source
      let done = false
      from.tryAppLogin = async (role) => {
        if (!done) await come()
        done = true
        return pair.source.tryAppLogin(role)
      }
      const parts: string[] = []
      const found = await refusals({ from, onPart: (part) => parts.push(part) })
      expect(parts).toEqual([])
      return found
    }

    it('a session past the entry', async () => {
      const come = { session: undefined as pg.Client | undefined }
      expect(await meanwhile(async () => (come.session = await session('report')))).toEqual([
        ['entry-bypassed', 'report@127.0.0.1'],
      ])
      await come.session?.end()
    }, 120_000)

    it('a slot that somebody else reads', async () => {
      expect(
        await meanwhile(async () =>
          onOld(`select pg_create_logical_replication_slot('late', 'test_decoding')`),
        ),
      ).toEqual([['foreign-slot', 'late']])
      await onOld(`select pg_drop_replication_slot('late')`)
    }, 120_000)

    it('a subscription that writes past the fence, on either side', async () => {
      const subscribe = `create subscription late connection 'host=127.0.0.1 port=1' publication p with (connect = false);
        alter subscription late enable`
      const leave = `alter subscription late disable; alter subscription late set (slot_name = none); drop subscription late`
      for (const server of [pair.old, pair.new]) {
        const there = async (sql: string) =>
          withServer(server.port, database, async (client) => client.query(sql))
        expect(await meanwhile(async () => there(subscribe))).toEqual([['foreign-subscription', 'late']])
        await there(leave)
      }
    }, 120_000)

    it('another entry that leads to the database', async () => {
      const before = readFileSync(pair.entry.databasesFile, 'utf8')
      const console = await pair.entry.admin()
      const come = async () => {
        writeFileSync(
          pair.entry.databasesFile,
          `${before}\nlate = host=127.0.0.1 port=${String(pair.old.port)} dbname=${database}\n`,
        )
        await console.query('RELOAD')
      }
      expect(await meanwhile(come)).toEqual([['entry-not-alone', 'late']])
      writeFileSync(pair.entry.databasesFile, before)
      await console.query('RELOAD')
      await console.end()
    }, 120_000)
  })

  it('has its fence named what no log-in stops: a worker of a subscription', async () => {
    await onOld('create publication p', 'elsewhere')
    await onOld(`select pg_create_logical_replication_slot('worker', 'pgoutput')`, 'elsewhere')
    await onOld(
      `create subscription worker connection 'host=127.0.0.1 port=${String(pair.old.port)} user=${adminUser} password=${adminPassword} dbname=elsewhere'
         publication p with (create_slot = false, slot_name = worker, copy_data = false)`,
    )
    const workers = async () =>
      withServer(pair.old.port, 'postgres', async (client) => lookAtFence(client, pair.source)).then(
        (look) => look.workers,
      )
    await until(async () => (await workers()).length > 0)
    expect(await workers()).toEqual([
      { kind: expect.stringMatching(/^logical replication/), pid: expect.any(Number) },
    ])
    await onOld('drop subscription worker')
    await onOld('drop publication p', 'elsewhere')
  }, 60_000)

  it('is refused for whoever comes past the entry or reads the changes, unless waived by name', async () => {
    const direct = await session('report')
    await onOld(`select pg_create_logical_replication_slot('cdc', 'test_decoding')`)

    expect(await refusals()).toEqual([
      ['foreign-slot', 'cdc'],
      ['entry-bypassed', 'report@127.0.0.1'],
    ])
    const waivers = { cdc: 'its owner attaches it anew', 'report@127.0.0.1': 'runs again tomorrow' }
    expect(await refusals({ waivers })).toEqual([])
    await direct.end().catch(() => undefined)
  }, 120_000)

  it('leaves a database that others still read behind, which is not dropped but named', async () => {
    const reader = new pg.Client({
      host: '127.0.0.1',
      port: pair.old.port,
      database,
      user: adminUser,
      password: adminPassword,
      application_name: 'exchange',
      replication: 'database',
    } as pg.ClientConfig)
    reader.on('error', () => undefined)
    await reader.connect()
    reader.query('START_REPLICATION SLOT cdc LOGICAL 0/0').catch(() => undefined)
    try {
      await expect(async () => {
        for (let left = 50; left > 0; left--) {
          await removal.check(pair.source)
          await sleep(100)
        }
      }).rejects.toMatchObject({
        code: 'replicated-by-others',
        found: [expect.stringMatching(/slot "cdc", read by process \d+ \(exchange 127\.0\.0\.1\)/)],
      })
    } finally {
      // A server does not stop while one that follows it has not answered.
      await reader.end()
    }
  }, 120_000)

  it('is known to be refused on the way back, long before, by the name of what stands against it', async () => {
    const place = `127.0.0.1:${String(pair.old.port)}`
    await withCrowdedServer(async () => {
      const watch = new ReturnWatch(pair.target, pair.source)
      expect(watch.obstacles([])).toEqual([])
      await watch.settled()
      expect(watch.obstacles([])).toEqual([`replication-workers ${place}`])
      const health = healthOf(undefined, undefined, { objects: [] }, undefined, watch.obstacles([]))
      expect(health).toMatchObject({ channel: 'at-risk' })
      expect(health.reasons.map((reason) => say('en', reason)).join()).toContain(
        `a rollback would be refused as things stand (findings: 1): "replication-workers ${place}"`,
      )
    })
  }, 120_000)

  it('goes back whoever is at the side that serves and however its server is set, and says so', async () => {
    await withServer(pair.new.port, database, async (client) => {
      await client.query(`select pg_create_logical_replication_slot('cdc_new', 'test_decoding')`)
      await client.query(`alter system set idle_replication_slot_timeout = '1h'`)
      await client.query('select pg_reload_conf()')
    })
    const lines: string[] = []
    const { armed, notRefused } = await switchOver(
      switchPlan(pair, pair.target, pair.source, { say: (line) => lines.push(line) }),
    )
    expect(armed).toBe(true)
    expect(lines.join('\n')).toMatch(/not refused on the way back: .*cdc_new/)
    const told = notRefused?.map(({ en }) => en).join('\n')
    expect(told).toMatch(/cdc_new/)
    expect(told).toMatch(/invalidates idle slots after "1h"/)
  }, 120_000)
})
