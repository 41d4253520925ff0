import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

import { names } from '../../../domain/words/catalogue.ts'

const repository = join(import.meta.dirname, '..', '..', '..')
const glossary = readFileSync(join(repository, 'domain/README.md'), 'utf8')

/** The cells of every table line below a heading. */
function rowsBelow(heading: string): readonly (readonly string[])[] {
  const [, below = ''] = glossary.split(`\n### ${heading}\n`)
  const [table = ''] = below.split(/\n##/)
  return table
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('| -'))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()))
    .slice(1)
}

/** Where people read: sentences, pages, documents. Decisions and the change log speak of what was; the glossary names the words itself. */
function texts(): readonly string[] {
  const files = execFileSync(
    'git',
    [
      'ls-files',
      '*.md',
      'domain',
      'families',
      'runner',
      'cli',
      'console',
      'api',
      'playbooks',
      'standalone',
      'lab',
    ],
    { cwd: repository, encoding: 'utf8' },
  )
  return files
    .trim()
    .split('\n')
    .filter((file) => /\.(ts|js|html|yaml|md)$/.test(file))
    .filter((file) => !/^(docs\/decisions|CHANGELOG|domain\/README|domain\/secret-text|test)/.test(file))
}

const notUsed = rowsBelow('Words that are not used').flatMap(([not = '', but = '']) =>
  [...not.matchAll(/`([^`]+)`/g)].map(([, word = '']) => [word, but] as const),
)

describe('one thing has one name', () => {
  it('in whatever people read: a word that the glossary gives up for another is said nowhere', () => {
    expect(notUsed.length).toBeGreaterThan(15)
    const found = texts().flatMap((file) => {
      const lines = readFileSync(join(repository, file), 'utf8').split('\n')
      return notUsed.flatMap(([word, but]) =>
        lines.flatMap((line, index) =>
          line.toLowerCase().includes(word) ? [`${file}:${String(index + 1)} "${word}": say ${but}`] : [],
        ),
      )
    })
    expect(found).toEqual([])
  })

  it.each([
    ['Phases', 'phase'],
    ['Roles', 'role'],
  ] as const)('in the glossary and in the catalogue: %s', (heading, kind) => {
    const rows = rowsBelow(heading).filter(([code = '']) => code in names[kind])
    expect(rows.length).toBeGreaterThan(5)
    for (const [code = '', zh] of rows)
      expect([code, (names[kind] as Record<string, { zh: string }>)[code]?.zh]).toEqual([code, zh])
  })

  it('in the glossary and in the catalogue: sides', () => {
    const zhOf = (code: string) =>
      rowsBelow('Sides and switches').find(([named]) => named === code)?.[1] ?? ''
    expect(names.sideFound.stale.zh).toBe(zhOf('stale'))
    expect(names.sideFound.closed.zh).toBe(zhOf('closed'))
    expect(names.switchPart.fence.zh).toBe(zhOf('fence'))
    expect(names.switchPart.marker.zh).toContain(zhOf('marker'))
    expect(names.switchPart.open.zh).toBe(zhOf('open'))
  })
})
