import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ReplicationHealth } from '../../../domain/measurement/replication-health.ts'
import { judgeWayBack } from '../../../domain/move/way-back.ts'
import { said } from '../../../domain/words/said.ts'
import { implementation as postgresql } from '../../../families/postgresql/index.ts'
import { lookAtBothSides } from '../../../families/postgresql/replication/old-side.ts'
import type { AnyStepImplementation, StepContext, StepResult } from '../../../runner/steps/kind.ts'
import { implementation as endpointPgbouncer } from '../../../families/postgresql/steps/endpoint/index.ts'
import { implementation as postgresCopy } from '../../../families/postgresql/steps/copy/index.ts'
import { implementation as postgresDisarm } from '../../../families/postgresql/steps/disarm/index.ts'
import { implementation as postgresRehearse } from '../../../families/postgresql/steps/rehearse/index.ts'
import { implementation as postgresReplicate } from '../../../families/postgresql/steps/replicate/index.ts'
import { implementation as postgresSwitchover } from '../../../families/postgresql/steps/switchover/index.ts'
import { implementation as postgresVerify } from '../../../families/postgresql/steps/verify/index.ts'
import { implementation as wipe } from '../../../runner/steps/wipe/index.ts'
import { lookAtWayBack } from '../../../families/postgresql/health.ts'
import { LocalHost } from '../../support/local-host.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  port,
  startPair,
  withServer,
} from '../../support/postgres-pair.ts'
import { runStep } from '../../support/run-step.ts'
import { adminPassword } from '../../support/postgres-servers.ts'

let pair: Pair
let endpoint: Record<string, unknown>

beforeAll(async () => {
  pair = await startPair('steps')
  await makeApplication(pair)
  endpoint = {
    address: '127.0.0.1',
    port: pair.entry.port,
    adminUser: pair.entry.adminUser,
    adminSecret: 'console',
    databasesFile: pair.entry.databasesFile,
    entryName: database,
  }
}, 120_000)

afterAll(async () => {
  await pair.stop()
}, 60_000)

const judged = (health: ReplicationHealth) =>
  judgeWayBack(
    { atMs: 0, oldSideReachable: true, newSideReachable: true, datasets: { database: health } },
    { database: 10_000 },
  )
const fromTo = { from: 'source', to: 'target' }
const onOld = async (sql: string) => withServer(pair.old.port, database, async (client) => client.query(sql))
const onNew = async (sql: string, name = database) =>
  withServer(pair.new.port, name, async (client) => client.query(sql))

/** When the old side was to be kept until. A release of it is on record. */
let keptUntilMs = Date.now() + 3_600_000
const release = {
  statement: 'The old data may be wiped.',
  by: { account: 'owner-li', role: 'owner', organisation: 'permit-bureau' },
  atMs: 0,
} as const

function context(): StepContext {
  const databases = {
    source: pair.source,
    target: pair.target,
    copy: port('staging', pair.new.port, 'copied'),
  }
  const marks: { name: string; detail?: unknown }[] = []
  return {
    runId: 'run',
    stepId: 'step',
    inputs: {},
    playbookFile: () => '',
    signal: new AbortController().signal,
    marks,
    host: (name) => new LocalHost(name),
    dataset: (name: string) => databases[name as keyof typeof databases] as never,
    anyDataset: async (name) => ({ family: postgresql, handle: databases[name as keyof typeof databases] }),
    secret: async () => adminPassword,
    mark: async (name, detail) => {
      marks.push({ name, detail })
    },
    retention: async () => ({ untilMs: keptUntilMs, release }),
    closedTasks: async () => [],
    wasWaived: async () => undefined,
    condition: () => true,
    fill: (text) => text,
    say: () => undefined,
    redact: (text) => text,
  }
}

const run = async (kind: AnyStepImplementation, params: unknown): Promise<StepResult> =>
  runStep(kind, params, context())

async function undo(kind: AnyStepImplementation, params: unknown, facts: unknown): Promise<void> {
  await kind.bind(params).carryOutUndo(facts, context())
}

describe('postgres-copy and postgres-verify', () => {
  it('copy a database with its roles, and hold the copy against the moment it was taken', async () => {
    const copied = await run(postgresCopy, { from: 'source', to: 'copy' })
    await onOld(`insert into permit (applicant) values ('after the copy')`)
    await onOld('create unlogged table scratch_pad (id int primary key)')
    const verified = await run(postgresVerify, { from: 'source', to: 'copy' })
    await onOld('drop table scratch_pad')

    expect(verified['notCompared']).toEqual(
      expect.arrayContaining([
        said('not-compared-unlogged', { tables: ['public.scratch_pad'] }),
        said('not-compared-definitions'),
      ]),
    )
    expect(copied).toMatchObject({ rolesMade: [appRole], tables: 4 })
    expect(verified).toMatchObject({ equal: true, against: 'copy', differences: [] })
  }, 120_000)

  it('find a wrong row and name its range', async () => {
    await onNew(`update permit set state = 'granted' where id = 77`, 'copied')
    await expect(run(postgresVerify, { from: 'source', to: 'copy' })).rejects.toMatchObject({
      code: 'data-differs',
      differences: [expect.stringContaining('public.permit keys 0 to 99999')],
    })
  }, 120_000)

  it('refuse a target that is not empty, replace it when told to, and drop it when undone', async () => {
    await expect(run(postgresCopy, { from: 'source', to: 'copy' })).rejects.toMatchObject({
      code: 'target-not-empty',
    })
    const params = { from: 'source', to: 'copy', replace: true }
    await run(postgresCopy, params)
    expect(await run(postgresVerify, { from: 'source', to: 'copy' })).toMatchObject({ equal: true })
    await undo(postgresCopy, params, { targetExists: false, targetTables: [], sourceTables: [] })
    const { rowCount } = await onNew(`select from pg_database where datname = 'copied'`, 'postgres')
    expect(rowCount).toBe(0)
  }, 120_000)
})

describe('postgres-rehearse', () => {
  it('switches a copy forth and back under writers of its own, and leaves nothing behind', async () => {
    const before = readFileSync(pair.entry.databasesFile, 'utf8')
    const result = await run(postgresRehearse, { ...fromTo, endpoint, writers: 3, calmMs: 200 })

    expect(result).toMatchObject({ lostWrites: 0 })
    for (const measured of ['cutoverMs', 'rollbackMs', 'cutoverGapMs', 'rollbackGapMs', 'ackedWrites']) {
      expect(result[measured]).toBeGreaterThan(0)
    }
    expect(readFileSync(pair.entry.databasesFile, 'utf8')).toBe(before)
    for (const server of [pair.old, pair.new]) {
      const { rows } = await withServer(server.port, 'postgres', async (client) =>
        client.query(`select datname::text as left from pg_database where datname like '%rehearsal%'
          union all select rolname from pg_roles where rolname like '%rehearsal%'
          union all select slot_name from pg_replication_slots`),
      )
      expect(rows).toEqual([])
    }
    expect(await pair.source.tryAppLogin(appRole)).toBeUndefined()
  }, 90_000)
})

describe('a database that is replicated and switched', () => {
  it('is verified live, a wrong row on the other side found beyond doubt', async () => {
    expect(await lookAtBothSides(pair.source, pair.target)).toEqual({
      old: 'never-switched',
      new: 'never-switched',
    })
    await run(postgresReplicate, fromTo)
    expect(await run(postgresVerify, fromTo)).toMatchObject({ equal: true, against: 'live' })
    expect(await lookAtBothSides(pair.source, pair.target)).toEqual({ old: 'open', new: 'closed' })
    await onNew(`set session_replication_role = replica; set default_transaction_read_only = off;
      update permit set fee = 0 where id = 42`)
    await expect(run(postgresVerify, fromTo)).rejects.toMatchObject({
      differences: [expect.stringMatching(/public\.permit keys 0 to 99999: 1 rows differ \(42\)/)],
    })
    await onNew(`update permit set fee = 63 where id = 42`)
  }, 120_000)

  it('is copied without what replication has put into it, as a rehearsal after a rollback does', async () => {
    expect(await run(postgresCopy, { from: 'source', to: 'copy' })).toMatchObject({ tables: 4 })
    const { rows } = await onNew(
      `select evtname from pg_event_trigger union all select nspname from pg_namespace where nspname = 'qianyun'`,
      'copied',
    )
    expect(rows).toEqual([])
    await undo(postgresCopy, { from: 'source', to: 'copy' }, { targetExists: false })
  }, 120_000)

  it('has its way back measured: armed, degraded when stopped, lost with its slot', async () => {
    await run(postgresSwitchover, { ...fromTo, endpoint })
    expect(await lookAtBothSides(pair.source, pair.target)).toEqual({ old: 'closed', new: 'open' })
    expect(await lookAtBothSides(pair.source, port('target', 1, database))).toEqual({
      old: 'closed',
      new: 'no-answer',
    })
    // Whoever takes the replication down now must not open the side that was left beside the one that serves.
    await expect(undo(postgresReplicate, fromTo, {})).rejects.toMatchObject({ code: 'side-serves-elsewhere' })
    expect(await lookAtBothSides(pair.source, pair.target)).toEqual({ old: 'closed', new: 'open' })
    const kept = {}
    const look = async () => (await lookAtWayBack(pair.target, pair.source, kept)).health
    let armed = await look()
    for (let left = 100; left > 0 && judged(armed).state !== 'armed'; left--) {
      await sleep(100)
      armed = await look()
    }
    expect(judged(armed)).toEqual({ state: 'armed', reasons: [] })
    expect(armed).toMatchObject({ channel: 'running', figures: { errors: 0, tablesNotFollowed: 0 } })

    // A table of both sides whose rows do not arrive looks healthy to everybody else.
    await Promise.all([onNew, onOld].map(async (make) => make('create table fee (id integer primary key)')))
    expect(judged(await look()).reasons).toContainEqual(said('tables-not-followed', { count: 1 }))
    await onOld('alter subscription qianyun_permit_g1 refresh publication')
    let again = await look()
    for (let left = 300; left > 0 && judged(again).state !== 'armed'; left--) {
      await sleep(100)
      again = await look()
    }
    expect(judged(again)).toEqual({ state: 'armed', reasons: [] })
    expect(again.figures['tablesNotFollowed']).toBe(0)

    await onOld('alter subscription qianyun_permit_g1 disable')
    expect(judged(await look())).toMatchObject({
      state: 'degraded',
      reasons: expect.arrayContaining([said('reverse-subscription-disabled')]),
    })
    expect(await run(postgresVerify, { from: 'target', to: 'source' })).toMatchObject({ equal: true })

    await onNew(`select pg_drop_replication_slot('qianyun_permit_g1')`)
    expect(judged(await look())).toMatchObject({
      state: 'lost',
      reasons: expect.arrayContaining([said('reverse-slot-missing')]),
    })
  }, 120_000)

  it('is disarmed and wiped with proof, only after its date and only on the side that was closed', async () => {
    const uploads = join(pair.folder, 'uploads', 'permits')
    mkdirSync(uploads, { recursive: true })
    writeFileSync(join(uploads, 'a.pdf'), 'a')
    const wiping = { host: 'source', database: 'source', paths: [uploads] }

    await expect(run(wipe, wiping)).rejects.toMatchObject({ code: 'too-early' })
    await expect(run(postgresDisarm, fromTo)).rejects.toMatchObject({ code: 'too-early' })
    keptUntilMs = Date.now() - 60_000
    await expect(run(postgresDisarm, { from: 'target', to: 'source' })).rejects.toMatchObject({
      code: 'old-side-not-closed',
    })
    await expect(run(wipe, { ...wiping, database: 'target' })).rejects.toMatchObject({
      code: 'old-side-not-closed',
    })
    expect(existsSync(uploads)).toBe(true)

    expect(await run(postgresDisarm, fromTo)).toMatchObject({
      subscriptions: 1,
      slots: 0,
      unreachable: [],
    })
    expect(judged((await lookAtWayBack(pair.target, pair.source)).health).state).not.toBe('armed')
    const wiped = await run(wipe, wiping)
    expect(wiped).toMatchObject({ files: 1, proofDigest: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(wiped['removedBytes']).toBeGreaterThan(1_000_000)
    const { disposal } = (wiped as { proof: { disposal: Record<string, { code: string; en: string }[]> } })
      .proof
    const codes = (kind: string) => disposal[kind]?.map(({ code }) => code)
    expect(codes('removedOnly')).toContain('wiped-database')
    expect(codes('overwritten')).not.toContain('wiped-database')
    expect(codes('stillThere')).toEqual(expect.arrayContaining(['wiped-log-left', 'wiped-messages-left']))
    expect(disposal['stillThere']?.[0]?.en).toMatch(/^[1-9]\d* segments \(\d+ bytes\) of the write-ahead log/)
    expect(existsSync(uploads)).toBe(false)
    await expect(onOld('select 1')).rejects.toMatchObject({ code: '3D000' })
  }, 120_000)
})

describe('endpoint-pgbouncer', () => {
  it('points an entry elsewhere, finds it so when repeated, and goes back when undone', async () => {
    const params = { endpoint, to: 'copy' }
    const kind = endpointPgbouncer.bind(params)
    const facts = await kind.gather(context())
    const content = readFileSync(pair.entry.databasesFile, 'utf8')

    expect(await run(endpointPgbouncer, params)).toMatchObject({
      to: `127.0.0.1:${String(pair.new.port)}/copied`,
    })
    expect(await run(endpointPgbouncer, params)).toEqual({ changed: false })
    await kind.carryOutUndo(facts, context())
    expect(readFileSync(pair.entry.databasesFile, 'utf8')).toBe(content)
  }, 120_000)

  it('names the entries there are when it is told of another', async () => {
    await expect(
      run(endpointPgbouncer, { endpoint: { ...endpoint, entryName: 'nobody' }, to: 'source' }),
    ).rejects.toMatchObject({ code: 'entry-unknown', entry: 'nobody' })
  })
})
