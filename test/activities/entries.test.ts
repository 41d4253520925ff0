import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { MockActivityEnvironment } from '@temporalio/testing'
import { PlanPlaces } from '../../activities/plan-places.ts'
import { createPreflightActivities } from '../../activities/preflight.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { HostPool } from '../../runner/ssh/pool.ts'
import { samplePlan } from '../support/plan.ts'
import { freePort, type TestSshd, startSshd } from '../support/sshd.ts'

const pool = new HostPool()
let sshds: TestSshd[] = []

afterEach(async () => {
  for (const sshd of sshds) await sshd.close()
  sshds = []
})
afterAll(async () => pool.close())

/** A plan whose hosts are one machine, with the entry at this address and the old application at 127.0.0.2. */
async function planWith(url: string, port: number): Promise<MigrationPlan> {
  const plan = samplePlan()
  sshds = await Promise.all(['127.0.0.2', '127.0.0.3', '127.0.0.4'].map(async (at) => startSshd(at)))
  const hosts = Object.entries(plan.hosts).map(([name, host]) => {
    const sshd = sshds[['source', 'target', 'entry'].indexOf(host.role)] ?? sshds[0]
    if (sshd === undefined) throw new Error('no sshd')
    const { address, user, hostKey } = sshd
    return [name, { ...host, address, port: sshd.port, user, hostKey }]
  })
  const applications = Object.entries(plan.applications).map(([name, application]) => {
    const [site] = application.sites.source
    const source = [{ ...site, url: `http://127.0.0.2:${String(port)}` }]
    return [name, { ...application, sites: { ...application.sites, source } }]
  })
  const endpoints = Object.entries(plan.endpoints)
    .filter(([, { kind }]) => kind === 'http')
    .map(([name, endpoint]) => [name, { ...endpoint, url }])
  return {
    ...plan,
    hosts: Object.fromEntries(hosts) as MigrationPlan['hosts'],
    applications: Object.fromEntries(applications) as MigrationPlan['applications'],
    endpoints: Object.fromEntries(endpoints) as MigrationPlan['endpoints'],
    datasets: {},
  }
}

/** What preflight says; nothing when it lets the move go on. */
async function preflight(plan: MigrationPlan): Promise<string | undefined> {
  const secrets = {
    read: async (_: string, { address }: { readonly address?: string }) =>
      sshds.find((one) => address?.startsWith(one.address))?.privateKey ?? '',
  }
  const activities = createPreflightActivities({ places: new PlanPlaces(pool, secrets) })
  return new MockActivityEnvironment()
    .run(async () => activities.preflight({ plan, hostKeys: {}, hosts: ['entry'] }))
    .then(
      () => undefined,
      (error: unknown) => (error as Error).message,
    )
}

describe('an entry that is handed over', () => {
  it('is refused where its name leads to the old application, and a waiver of that address lets it pass', async () => {
    const port = await freePort('127.0.0.2')
    const plan = await planWith(`http://127.0.0.2:${String(port)}`, port)
    const found = await preflight(plan)
    expect(found).toMatch(/"127\.0\.0\.2" leads to 127\.0\.0\.2, which is the host "old" of the application/)
    const waiver = {
      rule: 'name-leads-past-entry',
      pattern: '127.0.0.2',
      reason: 'The department moves its name.',
    }
    expect(await preflight({ ...plan, waivers: [waiver] })).toBeUndefined()
    expect(await preflight({ ...plan, waivers: [{ ...waiver, pattern: '127.0.0.3' }] })).toBe(found)
  }, 60_000)

  it('passes where its name leads to the proxy, also on the machine of the application', async () => {
    const port = await freePort('127.0.0.2')
    expect(await preflight(await planWith(`http://127.0.0.4:${String(port)}`, port))).toBeUndefined()
  }, 60_000)
})
