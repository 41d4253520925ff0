import { describe, expect, it } from '@jest/globals'
import type { CatalogRow } from '../../../../families/postgresql/differences/catalog/query.ts'
import { quotingAlike } from '../../../../families/postgresql/differences/quoted-words.ts'

const alike = quotingAlike(['select'], ['select', 'json'])

describe('words that one version quotes and the other does not', () => {
  it('stand without quotes in names and texts, and as they are in the bodies of functions', () => {
    const column = {
      kind: 'column',
      identity: 'desk.file."json"',
      text: '"json"; not null',
      within: 'table desk."json"',
    }
    expect(alike(column)).toEqual({
      kind: 'column',
      identity: 'desk.file.json',
      text: 'json; not null',
      within: 'table desk.json',
    })
    const code = {
      kind: 'function',
      identity: 'f("json" text)',
      text: 'CREATE FUNCTION f("json" text)\nAS $$ select "json" $$',
    }
    expect(alike(code).text).toBe('CREATE FUNCTION f(json text)\nAS $$ select "json" $$')
    expect(alike({ ...column, identity: 'desk."select"' }).identity).toBe('desk."select"')
  })

  it('are no matter where a catalog gives no text, as for a table without a column', () => {
    const row = { kind: 'order of columns', identity: 'desk.none', text: null } as unknown as CatalogRow
    expect(alike(row)).toEqual(row)
  })
})
