import { describe, expect, it } from '@jest/globals'
import { servingSide, type SidesLook } from '../../../domain/move/workflow-end.ts'
import { switchesIn } from '../../../domain/playbook/outcome.ts'

const oldServes: SidesLook = { old: 'open', new: 'closed' }
const newServes: SidesLook = { old: 'closed', new: 'open' }
const unclear: SidesLook = { old: 'no-answer', new: 'closed' }

describe('which side serves', () => {
  it('is told for one dataset by what is found on both of its sides', () => {
    expect([oldServes, newServes, unclear].map((one) => servingSide(one))).toEqual(['old', 'new', undefined])
    expect(servingSide({ old: 'open', new: 'open' })).toBeUndefined()
    expect(servingSide({ old: 'never-switched', new: 'never-switched' })).toBe('old')
  })

  it('is told for several datasets only where all of them say the same', () => {
    expect(servingSide(oldServes, oldServes)).toBe('old')
    expect(servingSide(newServes, newServes, newServes)).toBe('new')
    expect(servingSide(newServes, unclear)).toBeUndefined()
    expect(servingSide()).toBeUndefined()
  })

  it('is mixed where one dataset is served by the old side and another by the new one, whatever a third says', () => {
    expect(servingSide(oldServes, newServes)).toBe('mixed')
    expect(servingSide(newServes, unclear, oldServes)).toBe('mixed')
  })
})

describe('the switches of an outcome', () => {
  it('are those of every dataset that a step switched', () => {
    const result = { datasets: { orders: { generation: 1 }, billing: { generation: 3 } } }
    const done = [
      { step: 'copy', kind: 'command', result: {} },
      { step: 'switch', kind: 'other-switch', does: 'switch' as const, result },
    ]
    expect(switchesIn({ done })).toEqual([
      { dataset: 'orders', result: { generation: 1 } },
      { dataset: 'billing', result: { generation: 3 } },
    ])
  })

  it('are found in what is on record by the kinds of their steps', () => {
    const done = ['postgres-verify', 'postgres-switchover', 'postgres-reopen'].map((kind, generation) => ({
      step: kind,
      kind,
      result: { generation },
    }))
    expect(switchesIn({ done })).toEqual([{ result: { generation: 1 } }, { result: { generation: 2 } }])
  })
})
