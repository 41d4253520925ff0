import { describe, expect, it } from '@jest/globals'
import type { MigrationPlan } from '../../../domain/plan/plan.ts'
import { Bindings } from '../../../runner/run/bindings.ts'
import { datasetPlace } from '../../../runner/run/datasets.ts'
import { samplePlan } from '../../support/plan.ts'

const plan = samplePlan()
const [[name, database] = []] = Object.entries(plan.datasets).filter(
  ([, { family }]) => family === 'postgresql',
)
const two: MigrationPlan = { ...plan, datasets: { ...plan.datasets, billing: database!, orders: database! } }

function placeIn(of: MigrationPlan, reference: string, family?: string) {
  const names = { plan: of, hosts: {}, databases: { from: 'source' as const } }
  return datasetPlace(of, new Bindings(names, { inputs: {} }), reference, family)
}

describe('the side of a dataset a playbook names', () => {
  it("is the bound side of the plan's only database, whatever file trees there are beside it", () => {
    expect(placeIn(plan, 'from')).toEqual({
      dataset: name,
      family: 'postgresql',
      place: database?.source,
    })
    expect(placeIn(plan, 'from', 'postgresql')).toEqual(placeIn(plan, 'from'))
    expect(placeIn(plan, 'target').place).toEqual(database?.target)
  })

  it('is named with its dataset where the plan has several', () => {
    expect(placeIn(two, 'orders@from', 'postgresql').place).toEqual(database?.source)
    expect(() => placeIn(two, 'from')).toThrow(/one of .*"billing@from".*"orders@from"/)
  })

  it('is refused where nothing binds the side, or the plan has no such dataset', () => {
    expect(() => placeIn(plan, 'somewhere')).toThrow('somewhere')
    expect(() => placeIn(plan, 'nothing@from')).toThrow('nothing@from')
  })
})
