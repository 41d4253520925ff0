import { describe, expect, it } from '@jest/globals'

import { planProblems } from '../../domain/plan-rules.ts'
import { System } from '../../domain/system.ts'
import { samplePlan } from '../support/plan.ts'

const plan = samplePlan()
const system = System.parse({ system: plan.system, name: '行政许可受理系统', department: 'permit-bureau' })

describe('a plan', () => {
  it('is taken when its sides are different places', () => {
    expect(planProblems(plan, system)).toEqual([])
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
