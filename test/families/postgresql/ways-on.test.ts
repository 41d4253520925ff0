import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { readFileSync } from 'node:fs'
import type { EndpointInFront } from '../../../families/family.ts'
import { implementation } from '../../../families/postgresql/index.ts'
import type { LedgerWriters } from '../../../families/postgresql/rehearsal/ledger-writers.ts'
import { lookAtWayBack } from '../../../families/postgresql/health.ts'
import { reseed } from '../../../families/postgresql/replication/reseed.ts'
import { openAlone } from '../../../families/postgresql/switchover/open-alone.ts'
import { switchOver } from '../../../families/postgresql/switchover/switch-over.ts'
import { LocalHost } from '../../support/local-host.ts'
import { alonePlan } from '../../support/open-alone.ts'
import {
  type Pair,
  database,
  makeApplication,
  replicate,
  startPair,
  startWriters,
  switchPlan,
  withServer,
} from '../../support/postgres-pair.ts'
import { until } from '../../support/until.ts'

let pair: Pair
let writers: LedgerWriters

const on =
  (side: 'old' | 'new') =>
  async (sql: string, name = database) =>
    withServer(pair[side].port, name, async (client) => client.query<Record<string, unknown>>(sql))
const onOld = async (sql: string, name?: string) => on('old')(sql, name)
const onNew = async (sql: string, name?: string) => on('new')(sql, name)
const stateOf = async (side: 'old' | 'new') => {
  const { rows } = await on(side)(`select state, generation::int from cutover_state`, 'qianyun_control')
  return rows[0]
}
/** The entry of the pair as a plan has it. */
const inFront = (): readonly EndpointInFront[] => [
  {
    endpoint: {
      kind: 'pgbouncer',
      fronts: 'database',
      host: 'entry',
      address: '127.0.0.1',
      port: pair.entry.port,
      adminUser: pair.entry.adminUser,
      adminSecret: 'pgbouncer',
      databasesFile: pair.entry.databasesFile,
      entryName: database,
    },
    host: () => new LocalHost('entry'),
    clients: { hosts: [], addresses: [] },
    secret: async () => pair.entry.adminPassword,
  },
]
const settle = async () =>
  implementation.bothSides?.settle(pair.source, pair.target, {
    inFront: inFront(),
    signal: new AbortController().signal,
  })

beforeAll(async () => {
  pair = await startPair('ways-on')
  await makeApplication(pair)
  await replicate(pair)
  writers = await startWriters(pair)
}, 60_000)

afterAll(async () => {
  await writers.stop()
  await pair.stop()
}, 30_000)

describe('settling a pair through its family', () => {
  it('leaves one that is in order as it is', async () => {
    expect(await settle()).toEqual({ serves: 'old', undone: false })
    expect(await stateOf('old')).toEqual({ state: 'open', generation: 0 })
  }, 30_000)

  it('opens the side that was left again, with its entry and its clients, where both are closed', async () => {
    // What a run leaves that was killed right after its fence, its entry paused and its file at the new side.
    await onOld(
      `select close_side('${database}', array['permit_app'], token, 'fenced/killed') from cutover_state where database = '${database}'`,
      'qianyun_control',
    )
    await onNew(`update cutover_state set token = 'killed'`, 'qianyun_control')
    expect(await settle()).toEqual({ serves: 'old', undone: true })
    expect(await stateOf('old')).toMatchObject({ state: 'open' })
    expect(await stateOf('new')).toMatchObject({ state: 'closed' })
    const { acked } = writers
    await until(async () => writers.acked > acked)
    expect(readFileSync(pair.entry.databasesFile, 'utf8')).toContain(`port=${String(pair.old.port)}`)
  }, 30_000)

  it('keeps the new side where that serves', async () => {
    await switchOver(switchPlan(pair, pair.source, pair.target))
    expect(await settle()).toEqual({ serves: 'new', undone: false })
  }, 60_000)
})

describe('seeding the old side anew while the new one serves', () => {
  const seeded = async () =>
    reseed({
      serves: pair.target,
      follows: pair.source,
      waivers: {},
      copyTimeoutMs: 30_000,
      signal: new AbortController().signal,
      say: () => undefined,
    })
  const isArmed = async () => {
    const { health } = await lookAtWayBack(pair.target, pair.source)
    return health.channel === 'running' && health.reasons.length === 0
  }

  it('leaves a side alone that follows', async () => {
    const before = await onOld('select count(*)::int as n from permit')
    expect(await seeded()).toMatchObject({ already: true })
    expect(before.rows[0]?.['n']).toBeGreaterThan(0)
  }, 60_000)

  it('says whom the old side waits for while somebody locks a table there', async () => {
    const reasons = async () => (await lookAtWayBack(pair.target, pair.source)).health.reasons
    await withServer(pair.old.port, database, async (report) => {
      await report.query(`set application_name = 'report'; begin; lock table office`)
      await onNew(`update office set name = name where id = 1`)
      await until(async () => (await reasons()).some(({ code }) => code === 'reverse-apply-waits'))
      expect(await reasons()).toContainEqual(
        expect.objectContaining({ values: { holders: [expect.stringContaining('"report"')] } }),
      )
      await report.query('rollback')
    })
    await until(isArmed)
  }, 60_000)

  it('carries over everything once the slot is gone, under writers, and the way back is armed again', async () => {
    await onOld('alter subscription qianyun_permit_g1 disable')
    await until(async () => {
      const { rows } = await onNew(
        `select from pg_replication_slots where slot_name = 'qianyun_permit_g1' and active`,
      )
      return rows.length === 0
    })
    await onNew(`select pg_drop_replication_slot('qianyun_permit_g1')`)
    await onNew(`insert into permit (applicant) values ('nobody carries this')`)
    // Rows that nobody should have there any more.
    await onOld(`insert into office (id, name) values (900, 'stale')`)
    expect((await lookAtWayBack(pair.target, pair.source)).health.channel).toBe('broken')

    const done = await seeded()

    expect(done).toMatchObject({ already: false })
    expect(done.rows).toBeGreaterThan(500)
    expect((await onOld(`select from permit where applicant = 'nobody carries this'`)).rowCount).toBe(1)
    expect((await onOld(`select from office where name = 'stale'`)).rowCount).toBe(0)
    await until(isArmed)
    const { rows } = await onOld(`select count(*)::int as n from audit_line`)
    const there = await onNew(`select count(*)::int as n from audit_line where line = 'filed'`)
    // The application's triggers did not fire for what was copied.
    expect(Number(rows[0]?.['n'])).toBeLessThanOrEqual(Number(there.rows[0]?.['n']) + 1)
  }, 90_000)

  it('goes on with a copy that an interrupted run began, and is not opened before that is whole', async () => {
    await onOld('alter subscription qianyun_permit_g1 disable')
    await onOld(
      `begin; set local session_replication_role = replica; truncate table qianyun.marker, permit, audit_line, office; commit`,
    )
    const alone = alonePlan(switchPlan(pair, pair.target, pair.source))
    await expect(openAlone(alone)).rejects.toMatchObject({ code: 'side-incomplete' })
    await onOld('alter subscription qianyun_permit_g1 enable')
    // The marker that follows again is no proof of the rows that were emptied: they are compared.
    await until(isArmed)
    expect(await seeded()).toMatchObject({ already: false })
    await until(isArmed)
  }, 90_000)

  it('is refused, with nothing emptied, where the schemas differ or the side is not recorded as closed', async () => {
    await onOld('alter subscription qianyun_permit_g1 disable; alter table office add column floor int')
    await expect(seeded()).rejects.toMatchObject({ code: 'sides-differ' })
    await onOld('alter table office drop column floor')
    await onOld(`update cutover_state set state = 'open'`, 'qianyun_control')
    await expect(seeded()).rejects.toMatchObject({ code: 'side-stale' })
    await onOld(`update cutover_state set state = 'closed'`, 'qianyun_control')
    expect((await onOld('select from permit limit 1')).rowCount).toBe(1)
    expect(await seeded()).toMatchObject({ already: false })
    await until(isArmed)
  }, 90_000)
})

describe('a switch back whose new side dies before all that follows is done', () => {
  it('is refused to finish alone while the new side answers, and finishes once it is gone', async () => {
    await switchOver(switchPlan(pair, pair.target, pair.source))
    const alone = alonePlan(switchPlan(pair, pair.target, pair.source))
    await expect(openAlone(alone)).rejects.toMatchObject({ code: 'side-open-already' })
    const before = await stateOf('old')
    await pair.new.crash()
    const result = await openAlone(alone)
    expect(result).toMatchObject({
      openSide: 'source',
      generation: 2,
      probe: { ok: true },
      unprovenSequences: [],
    })
    expect(await stateOf('old')).toEqual(before)
    const { rows } = await onOld(
      `select (select count(*)::int from pg_subscription) as links, (select count(*)::int from pg_replication_slots) as slots`,
    )
    expect(rows).toEqual([{ links: 0, slots: 0 }])
    const kept = await onOld(`select last_switch ->> 'armed' as armed from cutover_state`, 'qianyun_control')
    expect(kept.rows).toEqual([{ armed: 'true' }])
    const { acked } = writers
    await until(async () => writers.acked > acked)
  }, 60_000)
})
