import { describe, expect, it } from '@jest/globals'
import { withinBudget } from '../../../runner/language/budget.ts'
import { type Variables, evaluate } from '../../../runner/language/expression.ts'
import { parseTemplate } from '../../../runner/language/template.ts'

const none = {} as Variables
const nested = (depth: number): string =>
  depth === 0 ? '1' : `[0,1,2,3,4,5,6,7,8,9].map(x${depth}, ${nested(depth - 1)})`

describe('an expression that never ends', () => {
  it('is ended, its memory freed, and said to repeat too much', () => {
    expect(() => evaluate(nested(9), none)).toThrow('it takes more than 500 ms')
  })

  it('does not keep the next one from being computed', () => {
    expect(() => evaluate(nested(9), none)).toThrow()
    expect(evaluate('[1, 2].map(n, n + 1)', none)).toEqual([2, 3])
  })
})

describe('work that ends, on a process that is busy elsewhere', () => {
  it('is run again before it is called over budget', () => {
    const pauses = [150, 0]
    const work = (): string => {
      const untilMs = Date.now() + (pauses.shift() ?? 0)
      while (Date.now() < untilMs);
      return 'done'
    }
    expect(withinBudget(work, 50)).toBe('done')
  })
})

describe('the end of an expression in a text', () => {
  it.each([
    ['${system}', 'system'],
    ['${ {"x": {"y": 1}}.x.y }', '{"x": {"y": 1}}.x.y'],
    [`\${ "}" + '{' }`, `"}" + '{'`],
    [String.raw`\${ "\"}" }`.slice(1), String.raw`"\"}"`],
    ['${ """a } " b""" }', '"""a } " b"""'],
    ['${ r"}" + "}" }', 'r"}" + "}"'],
  ])('is found in %s', (source, expression) => {
    expect(parseTemplate(source)).toEqual([{ expression }])
  })

  it.each(['${' + '{'.repeat(20_000), '${"' + '}'.repeat(20_000), '${a' + '{}'.repeat(20_000) + 'b'])(
    'is not there, which one look shows: %#',
    (source) => {
      expect(() => parseTemplate(source)).toThrow()
    },
  )
})
