import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { servingSide, sideLooks, sidesOf, type SidesLook } from '../../../domain/move/workflow-end.ts'
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

describe('what is found of all datasets as one', () => {
  const look = fc.constantFrom(...sideLooks.filter((one) => one !== 'mixed'))
  const looks = fc.array(fc.record({ old: look, new: look }), { minLength: 1, maxLength: 4 })

  it('names a side that serves only where each of them says so, and is what is found of one where that is the only one', () => {
    fc.assert(
      fc.property(looks, (all) => {
        const serves = servingSide(...all)
        expect(servingSide(sidesOf(all))).toBe(serves === 'mixed' ? undefined : serves)
      }),
    )
    fc.assert(
      fc.property(look, look, (old, newSide) => {
        expect(sidesOf([{ old, new: newSide }])).toEqual({ old, new: newSide })
      }),
    )
  })

  it('is mixed where they are served by different sides, and else what matters first', () => {
    expect(sidesOf([oldServes, newServes])).toEqual({ old: 'mixed', new: 'mixed' })
    expect(sidesOf([oldServes, { old: 'open', new: 'stale' }])).toEqual({ old: 'open', new: 'stale' })
    expect(sidesOf([newServes, { old: 'closed', new: 'closed' }])).toEqual({ old: 'closed', new: 'closed' })
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
