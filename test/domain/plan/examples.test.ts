import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { load } from 'js-yaml'

import { rowsOfCsv } from '../../../api/use-cases/csv.ts'
import { readDatasets } from '../../../domain/plan/dataset-rules.ts'
import { familiesInPlans } from '../../../families/index.ts'
import { planProblems } from '../../../domain/plan/rules.ts'
import { PlanInput } from '../../../domain/plan/plan.ts'
import { assertPolicyFloors } from '../../../domain/plan/policy.ts'
import { System } from '../../../domain/ledger/system.ts'

const example = (name: string): string =>
  readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'example', name), 'utf8')

describe('the examples of the documents', () => {
  it('are a plan and a ledger as they are taken', () => {
    const plan = PlanInput.parse(load(example('plan.yaml')))
    if (plan.version !== 2) throw new Error('the example is of an older version')
    expect(() => assertPolicyFloors(plan.policy)).not.toThrow()
    const { datasets, problems } = readDatasets(plan, familiesInPlans)
    expect(problems).toEqual([])
    const systems = rowsOfCsv(example('systems.csv')).map((row) => System.parse(row))
    const system = systems.find((one) => one.system === plan.system)
    expect(system && planProblems({ ...plan, datasets }, system, familiesInPlans)).toEqual([])
  })
})
