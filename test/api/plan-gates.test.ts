import { beforeAll, describe, expect, it } from '@jest/globals'
import { useApi } from '../support/api.ts'
import { registerFurther } from '../support/credentials.ts'
import { samplePlanInput, samplePlanInputV1 } from '../support/plan-input.ts'

const api = useApi()

beforeAll(async () => {
  const system = {
    system: 'permit-desk',
    name: '许可受理',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { as: 'coordinator', body: [system] })
})

describe('the door for plans', () => {
  it.each([
    ['a classified system', { classified: true }, /is "hr-files", which the ledger has as classified/],
    ['one of MLPS level 4', { mlpsLevel: 4 }, /MLPS\) level 4, where the policy lets level 3 and below/],
  ])('takes no plan for %s, and launches none that was made before', async (_, gate, says) => {
    const system = {
      system: 'hr-files',
      name: '人事档案',
      department: 'permit-bureau',
      mlpsLevel: 2,
      classified: false,
    }
    const asCoordinator = { as: 'coordinator' } as const
    const plan = `hr-plan-${String(Object.keys(gate)[0]).toLowerCase()}`
    const body = samplePlanInput({ plan, system: 'hr-files' })
    await api.call('importSystems', { ...asCoordinator, body: [system] })
    await api.call('createPlan', { ...asCoordinator, body })
    await api.call('importSystems', { ...asCoordinator, body: [{ ...system, ...gate }] })
    const again = await api.refused('createPlan', { ...asCoordinator, body: { ...body, plan: 'hr-again' } })
    expect(again).toMatchObject({ status: 400, code: 'invalid-input', detail: expect.stringMatching(says) })
    const launched = await api.refused('launchMigration', { ...asCoordinator, body: { plan } })
    expect(launched).toMatchObject({ status: 400, detail: expect.stringMatching(says) })
  })

  it.each([
    ['permit-bureau,,3,', /its cell "classified" is blank or "unknown"/],
    ['permit-bureau,否,,', /its cell "mlpsLevel" is blank or "unknown"/],
    ['permit-bureau,待核,三级,', /its cell "classified" is blank or "unknown"/],
    ['archive-office,否,三级,', /the ledger has "archive-office" as the department that owns/],
  ])('takes no plan for a system whose row says "%s"', async (cells, says) => {
    const asCoordinator = { as: 'coordinator' } as const
    const body = `system,name,department,classified,mlpsLevel,network\nblank-cells,档案,${cells}`
    await api.call('importSystems', { ...asCoordinator, body, headers: { 'content-type': 'text/csv' } })
    const plan = samplePlanInput({ plan: 'blank-cells-plan', system: 'blank-cells' })
    const refused = await api.refused('createPlan', { ...asCoordinator, body: plan })
    expect(refused).toMatchObject({ status: 400, detail: expect.stringMatching(says) })
  })

  it('says which plan of another system names the same places, and lets both be made', async () => {
    const asCoordinator = { as: 'coordinator' } as const
    const mine = { ...samplePlanInput({ plan: 'first-of-two' }) }
    expect((await api.call('createPlan', { ...asCoordinator, body: mine })).sharedWith).toBeUndefined()
    const twin = {
      system: 'desk-twin',
      name: '许可',
      department: 'permit-bureau',
      mlpsLevel: 2,
      classified: false,
    }
    await api.call('importSystems', { ...asCoordinator, body: [twin] })
    const body = { ...mine, plan: 'second-of-two', system: 'desk-twin' }
    const { sharedWith } = await api.call('createPlan', { ...asCoordinator, body })
    expect(sharedWith).toContainEqual({
      plan: 'first-of-two',
      system: 'permit-desk',
      path: 'datasets.database.source',
      is: 'default 127.0.0.11:5432/permit_desk',
    })
    const moved = samplePlanInput({ plan: 'third-of-two', system: 'desk-twin' })
    expect((await api.call('createPlan', { ...asCoordinator, body: moved })).sharedWith).toBeUndefined()
    const first = await api.call('showPlan', { ...asCoordinator, params: { plan: 'first-of-two' } })
    expect(first.sharedWith).toBeUndefined()
  })

  it('takes no policy that lets more than MLPS level 3 go, and no parties of one organisation', async () => {
    const { organisations, policy } = samplePlanInput()
    const created = async (change: Parameters<typeof samplePlanInput>[0]) =>
      api.refused('createPlan', { as: 'coordinator', body: samplePlanInput({ plan: 'never', ...change }) })
    const level = await created({ policy: { ...policy, maxMlpsLevel: 4 } })
    expect(level.problems?.map(({ path }) => path)).toEqual(['policy.maxMlpsLevel'])
    const shared = await created({ organisations: { ...organisations, provider: organisations.owner } })
    expect(shared.problems).toMatchObject([
      { path: 'organisations.provider', message: expect.stringContaining('who is the owner too') },
    ])
    const unasked = samplePlanInput({
      plan: 'vendor-is-provider',
      organisations: { ...organisations, vendor: organisations.provider },
    })
    const role = 'vendor' as const
    const vendor = { account: 'vendor-of-the-cloud', role, organisation: organisations.provider }
    await registerFurther(api.pool, [vendor])
    await api.call('createPlan', { as: 'coordinator', body: unasked })
  })

  it('takes no plan that is too large to travel with every step of its move', async () => {
    const waivers = Object.fromEntries(
      Array.from({ length: 8_000 }, (_, n) => [`archive.applications_${String(n)}`, 'only ever added to']),
    )
    const body = samplePlanInputV1({ plan: 'waives-all', waivers })
    const refused = await api.refused('createPlan', { as: 'coordinator', body })
    expect(refused).toMatchObject({ status: 400, code: 'invalid-input' })
    expect(refused.detail).toMatch(/^The plan is not valid: comes to \d+ KiB, where 256 KiB are the most/)
  })

  it('takes no system into the ledger whose name could be the id of another one’s move', async () => {
    const second = {
      system: 'permit-desk-2',
      name: '许可受理二期',
      department: 'permit-bureau',
      mlpsLevel: 2,
      classified: false,
    }
    const refused = await api.refused('importSystems', { as: 'coordinator', body: [second] })
    expect(refused.problems).toMatchObject([
      { path: '1.system', message: expect.stringContaining('must not end in a hyphen and a number') },
    ])
    await api.call('importSystems', { as: 'coordinator', body: [{ ...second, system: 'permit-desk2' }] })
  })
})
