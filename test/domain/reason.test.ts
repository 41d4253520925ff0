import { describe, expect, it } from '@jest/globals'

import { Reason } from '../../domain/reason.ts'

describe('a reason', () => {
  it.each(['停电', '误报', 'no', ' 断网 ', 'the budget is gone'])('may be as short as "%s"', (text) => {
    expect(Reason.parse(text)).toBe(text.trim())
  })

  it.each(['', '   ', '停', '……', '--- !!', '\u200b\u200b\u200b', '\u3164\uffa0\u115f'])(
    'is missing where it is "%s"',
    (text) => {
      expect(() => Reason.parse(text)).toThrow('must say why, in at least 2 letters or characters')
    },
  )
})
