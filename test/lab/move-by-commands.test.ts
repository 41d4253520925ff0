import { describe, expect, it } from '@jest/globals'
import { switchNames } from '../../lab/demo/decisions.ts'
import { testWholeMove } from './whole-move-of.ts'

describe('a whole move of a system by commands of its vendor', () => {
  const summary = testWholeMove('register')

  it('says of its data that it crossed cold, with the longest gap', () => {
    const writeGapMs = Math.max(...switchNames.map((name) => summary()[name].writeGapMs))
    expect(summary().datasets).toEqual([
      { name: 'entries', family: 'commands', method: 'cold', writeGapMs, lostWrites: 0 },
    ])
  })
})
