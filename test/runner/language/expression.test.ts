import { describe, expect, it } from '@jest/globals'

import { ExpressionError } from '../../../runner/language/errors.ts'
import {
  type Variables,
  evaluate,
  evaluateCondition,
  expressionProblem,
  namesLookedAt,
} from '../../../runner/language/expression.ts'
import { fill, parseTemplate } from '../../../runner/language/template.ts'

const variables: Variables = {
  inputs: { colour: 'green', many: 3, share: 0.5, sure: true },
  hosts: { here: { name: 'cloud', address: '10.0.0.3' } },
  sides: {},
  datasets: {},
  applications: {},
  plan: {},
  each: {},
  databases: { there: { port: 5432 } },
  sites: {},
  endpoints: {},
  waivers: {},
  policy: {},
  application: {},
  steps: { 'copy-data': { status: 'done', result: { rows: 10, tables: ['a', 'b'] } } },
  facts: {},
  system: 'permit-desk',
  migration: 'm-1',
}

describe('an expression', () => {
  it.each([
    ['inputs.many + 1', 4],
    ['inputs.share * 2', 1],
    ['inputs.many > 2.5 && inputs.sure', true],
    ['steps["copy-data"].result.rows == 10', true],
    ['steps["copy-data"].result.tables.exists(t, t == "b")', true],
    ['has(inputs.nothing) ? "yes" : "no"', 'no'],
    ['"x" + string(databases.there.port)', 'x5432'],
    ['{"a": [1, 2]}', { a: [1, 2] }],
    ['system', 'permit-desk'],
  ])('%s', (text, value) => {
    expect(evaluate(text, variables)).toEqual(value)
  })

  it.each([
    ['inputs.many >', 'Unexpected token'],
    ['sytem == "x"', 'Unknown variable: sytem'],
    ['process.exit(1)', 'process'],
    ['inputs.constructor', 'No such key'],
    ['inputs.__proto__.polluted', 'No such key'],
    ['steps["other"].result', 'No such key'],
    ['"aaaa".matches("(a+)+$")', 'forever'],
    ['system + 1', 'no such overload'],
  ])('is refused: %s', (text, reason) => {
    expect(() => evaluate(text, variables)).toThrow(ExpressionError)
    expect(() => evaluate(text, variables)).toThrow(reason)
  })

  it('that is a condition is true or false, nothing else', () => {
    expect(evaluateCondition('inputs.sure', variables)).toBe(true)
    expect(() => evaluateCondition('inputs.colour', variables)).toThrow('neither true nor false')
  })

  it('that is absurdly deep is refused, not run out of', () => {
    expect(expressionProblem(`${'('.repeat(5_000)}1${')'.repeat(5_000)}`)).toBeDefined()
    expect(expressionProblem(`[${'1,'.repeat(5_000)}1]`)).toBeDefined()
  })

  it('tells which names it looks at', () => {
    expect(namesLookedAt('steps.a.result.x + steps["b-c"].result.y', 'steps')).toEqual(['a', 'b-c'])
    expect(namesLookedAt('inputs.steps', 'steps')).toEqual([])
  })
})

describe('a text with expressions', () => {
  it.each([
    ['plain', 'plain'],
    ['${inputs.many}', 3],
    ['${inputs.sure}', true],
    ['${steps["copy-data"].result.tables}', ['a', 'b']],
    ['postgres://${hosts.here.address}:${databases.there.port}/desk', 'postgres://10.0.0.3:5432/desk'],
    ['${ {"a": "}"}["a"] } and $${not} and $5', '} and ${not} and $5'],
    ['$$${inputs.many}', '$${inputs.many}'],
    ['a\n${inputs.colour}\nb', 'a\ngreen\nb'],
  ])('%s', (text, value) => {
    expect(fill(text, variables)).toEqual(value)
  })

  it('is filled in however deep it lies, and keys are left alone', () => {
    expect(fill({ '${x}': ['${inputs.many}', { a: 'n=${inputs.many}' }], n: 1 }, variables)).toEqual({
      '${x}': [3, { a: 'n=3' }],
      n: 1,
    })
  })

  it.each(['${', '${inputs.many', 'a ${} b', '${inputs.many +}', 'x${steps["copy-data"].result}'])(
    'is refused: %s',
    (text) => {
      expect(() => fill(text, variables)).toThrow(ExpressionError)
    },
  )

  it('never runs what a value holds', () => {
    const values = { ...variables, inputs: { colour: '${inputs.many}' } }
    expect(fill('${inputs.colour}!', values)).toBe('${inputs.many}!')
  })

  it('is read in reasonable time whatever it looks like', () => {
    expect(() => parseTemplate(`\${${'}'.repeat(3_000)}`)).toThrow(ExpressionError)
  })
})
