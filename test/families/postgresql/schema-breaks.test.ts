import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { breaksOf, isWider } from '../../../families/postgresql/ddl/breaks.ts'
import type { SchemaLook } from '../../../families/postgresql/ddl/schema-look.ts'

const numbers = fc.nat({ max: 5 })
const look: fc.Arbitrary<SchemaLook> = fc
  .array(fc.tuple(numbers, fc.boolean(), fc.array(fc.tuple(numbers, fc.boolean()), { maxLength: 4 })), {
    maxLength: 5,
  })
  .map((tables) => ({
    tables: Object.fromEntries(
      tables.map(([id]) => [String(id), { name: `t${String(id)}`, hasKey: true, isLogged: true }]),
    ),
    columns: Object.fromEntries(
      tables.flatMap(([id, , columns]) =>
        columns.map(([column, hasDefault]) => [
          `${String(id)}/${String(column)}`,
          { table: `t${String(id)}`, name: `c${String(column)}`, type: 'text', isRequired: true, hasDefault },
        ]),
      ),
    ),
    labels: {},
    replicaTriggers: {},
    replication: {},
    rowsWritten: {},
    catalogWrites: 0,
  }))
const written = (one: SchemaLook): SchemaLook => ({ ...one, catalogWrites: 1 })

describe('what a schema change breaks', () => {
  it('is nothing when all that still arrives can be taken, and else something, for any two schemas', () => {
    fc.assert(
      fc.property(look, look, (before, after) => {
        const breaks = breaksOf(before, written(after))
        const takesAll =
          Object.keys(before.tables).every((id) => id in after.tables) &&
          Object.keys(before.columns).every((id) => id in after.columns) &&
          Object.entries(after.columns).every(
            ([id, { hasDefault }]) =>
              id in before.columns || !((id.split('/')[0] ?? '') in before.tables) || hasDefault,
          )
        expect(breaks.length === 0).toBe(takesAll)
      }),
    )
  })

  it('is said where nothing is changed at all', () => {
    fc.assert(
      fc.property(look, (one) =>
        expect(breaksOf(one, one).map(({ code }) => code)).toEqual(['ddl-changes-nothing']),
      ),
    )
  })

  it.each([
    ['integer', 'bigint', true],
    ['bigint', 'integer', false],
    ['smallint', 'numeric', true],
    ['character varying(10)', 'character varying(20)', true],
    ['character varying(20)', 'character varying(10)', false],
    ['character varying(20)', 'text', true],
    ['character varying', 'character varying(20)', false],
    ['text', 'character varying', false],
    ['character(3)', 'character(5)', false],
    ['numeric(10,2)', 'numeric(12,2)', true],
    ['numeric(10,2)', 'numeric(10,3)', false],
    ['numeric(10,2)', 'numeric', true],
    ['numeric', 'numeric(10,2)', false],
    ['timestamp with time zone', 'timestamp without time zone', false],
  ])('a type of %s takes less than %s, or the other way: %s', (was, now, wider) => {
    expect(isWider(was, now)).toBe(wider)
  })
})
