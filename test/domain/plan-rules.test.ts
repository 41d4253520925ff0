import { describe, expect, it } from '@jest/globals'

import { PlanInput } from '../../domain/plan/plan.ts'
import { planProblems, planSizeProblems } from '../../domain/plan/rules.ts'
import { System } from '../../domain/ledger/system.ts'
import { samplePlan } from '../support/plan.ts'
import { samplePlanInput } from '../support/plan-input.ts'

const plan = samplePlan()
const system = System.parse({
  system: plan.system,
  name: '行政许可受理系统',
  department: 'permit-bureau',
  mlpsLevel: 2,
  classified: false,
})

describe('a plan', () => {
  it('is taken when its sides are different places', () => {
    expect(planProblems(plan, system)).toEqual([])
  })

  it('is refused when it is too large to travel with every step', () => {
    const waiving = (tables: number) => ({
      ...samplePlanInput(),
      waivers: Object.fromEntries(
        Array.from({ length: tables }, (_, n) => [`archive.表_${String(n)}`, '只增不改']),
      ),
    })
    expect(planSizeProblems(waiving(1_000))).toEqual([])
    expect(planSizeProblems(waiving(10_000))).toEqual([
      { path: '', message: expect.stringMatching(/^comes to \d{3} KiB, where 256 KiB are the most/) },
    ])
  })

  it('is refused when a side is another one too, host and database told apart', () => {
    const { hosts, databases } = plan
    const { address, port } = hosts.source
    const target = { ...hosts.target, address, port }
    expect(planProblems({ ...plan, hosts: { ...hosts, target } }, system)).toEqual([
      {
        path: 'hosts.target',
        message: `is "${address}:${port}", which is the source too; source, staging and target are different places`,
      },
    ])
    const sameDatabase = { ...databases, staging: databases.target }
    expect(planProblems({ ...plan, databases: sameDatabase }, system).map(({ path }) => path)).toEqual([
      'databases.staging',
    ])
  })

  it('may have two databases on one server', () => {
    const { databases } = plan
    const staging = { ...databases.target, database: 'permits_test' }
    expect(planProblems({ ...plan, databases: { ...databases, staging } }, system)).toEqual([])
  })
})

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
