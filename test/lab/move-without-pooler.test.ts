import { describe, expect, it } from '@jest/globals'
import { testWholeMove } from './whole-move-of.ts'

describe('a whole move of a system that connects to its database itself', () => {
  const summary = testWholeMove('permit-desk-direct')

  it('has its scheduled jobs due on the side that serves, and on no other, after each switch', () => {
    expect(summary().jobs).toEqual({ cutover: 'new', rollback: 'old', recutover: 'new' })
  })
})
