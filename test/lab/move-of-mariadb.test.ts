import { describe, expect, it } from '@jest/globals'
import { switchNames } from '../../lab/demo/decisions.ts'
import { testWholeMove } from './whole-move-of.ts'

describe('a whole move of a system that connects to its MariaDB itself, with uploads', () => {
  const summary = testWholeMove('letters')

  it('says of its data that it crossed online', () => {
    const writeGapMs = Math.max(...switchNames.map((name) => summary()[name].writeGapMs))
    const crossed = { method: 'online', writeGapMs, lostWrites: 0 }
    expect(summary().datasets).toEqual([
      { name: 'letters', family: 'mysql', ...crossed },
      { name: 'uploads', family: 'files', ...crossed },
    ])
  })
})
