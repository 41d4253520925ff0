import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { createBothSidesActivities } from '../../activities/both-sides.ts'
import { PlanPlaces } from '../../activities/plan-places.ts'
import { switchOver } from '../../families/postgresql/switchover/switch-over.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import { FactStore } from '../../storage/facts.ts'
import { useDatabase } from '../support/database.ts'
import { samplePlan } from '../support/plan.ts'
import {
  type Pair,
  appRole,
  database,
  makeApplication,
  replicate,
  startPair,
  switchPlan,
  withServer,
} from '../support/postgres-pair.ts'
import { adminPassword, adminUser, appPassword } from '../support/postgres-servers.ts'

const storage = useDatabase()
const hostPool = new HostPool()
let pair: Pair

/** A plan whose one database is that of the pair, reached as any other. */
function planOfPair() {
  const plan = samplePlan()
  const place = (host: string, port: number) => ({
    host,
    address: '127.0.0.1',
    port,
    database,
    adminUser,
    adminSecret: 'admin',
    appRoles: [appRole],
    appSecret: 'app',
  })
  const both = {
    family: 'postgresql',
    source: place('source', pair.old.port),
    staging: place('staging', 1),
    target: place('target', pair.new.port),
  }
  return { ...plan, datasets: { database: both }, endpoints: {} }
}

function activities() {
  const secrets = { read: async (name: string) => (name === 'admin' ? adminPassword : appPassword) }
  return createBothSidesActivities({
    places: new PlanPlaces(hostPool, secrets),
    facts: new FactStore(storage.pool),
    closedTasksOf: async () => [],
    waivedOf: async () => undefined,
  })
}

const columnsOf = async (port: number) => {
  const { rows } = await withServer(port, database, async (client) =>
    client.query<{ name: string }>(
      `select attname as name from pg_attribute where attrelid = 'office'::regclass and attnum > 0 and not attisdropped`,
    ),
  )
  return rows.map(({ name }) => name)
}

beforeAll(async () => {
  pair = await startPair('both-sides')
  await makeApplication(pair)
  await replicate(pair)
  await switchOver(switchPlan(pair, pair.source, pair.target))
}, 60_000)

afterAll(async () => {
  await hostPool.close()
  await pair.stop()
}, 30_000)

describe('what a move does on both sides at once', () => {
  it('changes the schema by the text that is stored, on both', async () => {
    const sqlDigest = await new FactStore(storage.pool).put({
      sql: 'alter table office add column floor integer',
    })
    const asked = { id: 'permit-desk-1/7', plan: planOfPair(), hostKeys: {}, sqlDigest }
    const run = async (changed: { readonly dataset?: string } = {}) =>
      new MockActivityEnvironment().run(
        async (one: Parameters<ReturnType<typeof activities>['changeSchema']>[0]) =>
          activities().changeSchema(one),
        { ...asked, ...changed },
      )
    await expect(run({ dataset: 'another' })).rejects.toMatchObject({ type: 'invalid-input' })
    expect(await run()).toMatchObject({ newTables: [] })
    for (const { port } of [pair.old, pair.new]) expect(await columnsOf(port)).toContain('floor')
  }, 60_000)

  it('says which side serves, and seeds the old one anew where that is gone astray', async () => {
    const input = { plan: planOfPair(), hostKeys: {} }
    const settled = await new MockActivityEnvironment().run(
      async (one: Parameters<ReturnType<typeof activities>['settleSides']>[0]) =>
        activities().settleSides(one),
      input,
    )
    expect(settled).toEqual({ serves: 'new', undone: false })
    await withServer(pair.old.port, database, async (client) =>
      client.query('alter subscription qianyun_permit_g1 disable'),
    )
    const seeded = await new MockActivityEnvironment().run(
      async (one: Parameters<ReturnType<typeof activities>['rearmWayBack']>[0]) =>
        activities().rearmWayBack(one),
      {
        ...input,
        migration: 'permit-desk-1',
      },
    )
    expect((seeded as { rows: number }).rows).toBeGreaterThan(500)
  }, 90_000)
})
