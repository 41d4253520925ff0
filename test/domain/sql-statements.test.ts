import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { excerptOf, sqlStatements } from '../../domain/sql-statements.ts'

const pieces = [
  'create table a (b text)',
  `comment on table a is 'one; two -- three'`,
  `alter table a add column c text default E'\\';' `,
  'create table "odd;name" (id int)',
  'create function f() returns void language plpgsql as $$ begin delete from a; end $$',
  'create function g() returns void language plpgsql as $one$ begin perform $$;$$; end $one$',
  `create function h() returns int language sql begin atomic select case when true then 1 else 2 end; select 2; end`,
  '/* a; /* nested; */ b; */ create view v as select 1',
  '-- a remark; with a semicolon\n create index i on a (b)',
]

describe('the statements of an SQL text', () => {
  it('are as many as were put together, whatever stands in quotes, bodies and comments', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 8 }), (chosen) => {
        const found = sqlStatements(chosen.join(';\n'))
        expect(found).toHaveLength(chosen.length)
        for (const { words } of found) expect(['create', 'alter', 'comment']).toContain(words[0])
      }),
    )
  })

  it('hide no word that stands outside of quotes', () => {
    const [one] = sqlStatements(`create index /* concurrently */ "concurrently" on a (b) -- concurrently`)
    expect(one?.words).toEqual(['create', 'index', 'on', 'a', 'b'])
  })

  it('are never more than the text has, however it is broken', () => {
    fc.assert(
      fc.property(
        fc.string({
          unit: fc.constantFrom(';', "'", '"', '$', '-', '*', '/', 'e', ' ', '\\', '\n', 'a', 'b'),
        }),
        (text) => {
          const found = sqlStatements(text)
          expect(found.length).toBeLessThanOrEqual(text.split(';').length)
          for (const statement of found)
            expect(text.replace(/\s+/g, ' ')).toContain(excerptOf(statement).replace('…', ''))
        },
      ),
    )
  })
})
