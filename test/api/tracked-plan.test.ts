import { join } from 'node:path'
import { beforeAll, describe, expect, it } from '@jest/globals'
import { useApi } from '../support/api.ts'
import { samplePlanInput } from '../support/plan-input.ts'
import { trackedInput, trackedPlanInput, trackedPlaybooks } from '../support/tracked-plan.ts'

const api = useApi(undefined, { playbooksFolder: join(import.meta.dirname, '../../playbooks') })
const asCoordinator = { as: 'coordinator' } as const

beforeAll(async () => {
  const system = {
    system: 'permit-desk',
    name: '许可受理',
    department: 'permit-bureau',
    mlpsLevel: 2,
    classified: false,
  }
  await api.call('importSystems', { ...asCoordinator, body: [system] })
})

describe('a plan that is tracked', () => {
  it('is kept with the tasks of its playbooks, and says so wherever methods are said', async () => {
    const { content, methods } = await api.call('createPlan', {
      ...asCoordinator,
      body: trackedPlanInput({ plan: 'by-people' }),
    })
    expect(content.tracked?.steps['cutover']).toMatchObject([
      { step: 'switched', role: 'vendor', reviewer: 'operations', attests: 'switch', wantsSignature: true },
    ])
    expect(methods).toMatchObject([{ method: 'tracked', isLossless: false }])
  })

  it('is refused with hosts or datasets beside it: nothing real is moved past its gates', async () => {
    const mixed = samplePlanInput({ plan: 'mixed', playbooks: trackedPlaybooks, tracked: trackedInput })
    const refused = await api.refused('createPlan', { ...asCoordinator, body: mixed })
    for (const part of ['hosts', 'datasets', 'applications', 'endpoints'])
      expect(refused).toMatchObject({ detail: expect.stringContaining(`"${part}" has`) })
  })

  it('is refused with playbooks whose steps the engine does, or with too little attested', async () => {
    const body = trackedPlanInput({
      plan: 'half',
      playbooks: { ...trackedPlaybooks, rehearse: 'commands-rehearsal', close: 'tracked-deploy' },
    })
    expect(await api.refused('createPlan', { ...asCoordinator, body })).toMatchObject({
      status: 400,
      detail: expect.stringMatching(/"commands-rehearsal".*is no task[^]*"tracked-deploy".*wipe/),
    })
  })

  it('brings no tasks of its own, and no shorter retention than any other', async () => {
    const own = { ...trackedPlanInput({ plan: 'own' }), tracked: { ...trackedInput, steps: { close: [] } } }
    expect(await api.refused('createPlan', { ...asCoordinator, body: own })).toMatchObject({ status: 400 })
    const { policy } = trackedPlanInput()
    const short = trackedPlanInput({
      plan: 'short',
      policy: { ...policy, profile: 'production', retention: { months: 1 } },
    })
    expect(await api.refused('createPlan', { ...asCoordinator, body: short })).toMatchObject({
      detail: expect.stringContaining('policy.retention'),
    })
  })

  it('lends its tasks to no other: what they attest counts in a tracked move alone', async () => {
    const input = samplePlanInput({ plan: 'lent' })
    const body = { ...input, playbooks: { ...input.playbooks, copy: 'tracked-copy', close: 'tracked-close' } }
    expect(await api.refused('createPlan', { ...asCoordinator, body })).toMatchObject({
      detail: expect.stringMatching(
        /"copied", which attests[^]*"tracked-close", which has no step of kind "wipe"/,
      ),
    })
  })
})
