import { beforeAll, describe, expect, it } from '@jest/globals'
import { PlanStore } from '../../storage/plans.ts'
import { actors } from '../support/actors.ts'
import { useApi } from '../support/api.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { samplePlan } from '../support/plan.ts'

const api = useApi(undefined, { isLab: false })
const asCoordinator = { as: 'coordinator' } as const
const shortened = { profile: 'lab', retention: { seconds: 1 }, trialRun: { seconds: 1 } } as const

beforeAll(async () => {
  const row = {
    system: 'permit-desk',
    name: '许可',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { ...asCoordinator, body: [row] })
})

describe('a server that is no lab', () => {
  it('takes no plan that makes seconds of months, and those of production', async () => {
    const { policy } = samplePlanInput()
    const body = samplePlanInput({ plan: 'in-seconds', policy: { ...policy, ...shortened } })
    const refused = await api.refused('createPlan', { ...asCoordinator, body })
    expect(refused).toMatchObject({ status: 400, problems: [{ path: 'policy.profile' }] })
    await api.call('createPlan', { ...asCoordinator, body: samplePlanInput() })
  })

  it('launches none that was made before', async () => {
    const plan = { ...samplePlan(shortened), plan: 'made-in-a-lab' }
    await new PlanStore(api.pool).create(plan, actors.coordinator, 1)
    const refused = await api.refused('launchMigration', {
      ...asCoordinator,
      body: { plan: 'made-in-a-lab' },
    })
    expect(refused).toMatchObject({ status: 400, problems: [{ path: 'policy.profile' }] })
  })
})
