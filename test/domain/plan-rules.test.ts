import { describe, expect, it } from '@jest/globals'
import { PlanInput } from '../../domain/plan.ts'
import { planProblems } from '../../domain/plan-rules.ts'
import { System } from '../../domain/system.ts'
import { samplePlan } from '../support/plan.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const system = System.parse({ system: 'permit-desk', name: '许可受理', department: 'permit-bureau' })

describe('the public write that proves a new side', () => {
  const { writeProbe = { path: '/', body: '{unique}', readPath: '/{unique}' }, ...unproved } =
    samplePlan().application

  it.each([
    ['with a name nobody reads', { ...writeProbe, readpath: '/permits/{id}' }],
    ['without the place where it is read back', { path: writeProbe.path, body: writeProbe.body }],
    ['that no other write can be told from', { ...writeProbe, body: '{"applicant":"the same"}' }],
    ['that is read back wherever it was written', { ...writeProbe, readPath: '/permits' }],
  ])('is refused in a plan %s', (_, mistyped) => {
    const plan = { ...samplePlanInput(), application: { ...unproved, writeProbe: mistyped } }
    const { error } = PlanInput.safeParse(plan)
    expect(error?.issues.map(({ path }) => path.slice(0, 2).join('.'))).toEqual(['application.writeProbe'])
  })

  it('is wanted in production, and may be missing in a lab', () => {
    const problems = (profile: 'production' | 'lab') =>
      planProblems({ ...samplePlan({ profile }), application: unproved }, system).map(({ path }) => path)
    expect(problems('production')).toEqual(['application.writeProbe'])
    expect(problems('lab')).toEqual([])
  })
})
