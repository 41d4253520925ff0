import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

const repository = join(import.meta.dirname, '..', '..')
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: repository, encoding: 'utf8' })
  .trim()
  .split('\n')
const textOf = (file: string): string =>
  readFileSync(join(repository, file), 'utf8').replaceAll(/```[\s\S]*?```/g, '')

/** A heading as the anchor of a link names it. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
    .replaceAll(' ', '-')

function isThere(from: string, path: string, anchor: string): boolean {
  const target = path === '' ? from : join(dirname(from), path)
  if (!existsSync(join(repository, target))) return false
  if (anchor === '' || !target.endsWith('.md')) return true
  return [...textOf(target).matchAll(/^#+ (.*)$/gm)].some(([, heading = '']) => anchorOf(heading) === anchor)
}

describe('the documents', () => {
  it('link to what is there', () => {
    expect(documents.length).toBeGreaterThan(50)
    const gone = documents.flatMap((file) =>
      [...textOf(file).matchAll(/\]\(([^)\s#]*)(?:#([^)\s]*))?\)/g)]
        .filter(([, path = '', anchor = '']) => !/^[a-z]+:/.test(path) && !isThere(file, path, anchor))
        .map(([link]) => `${file} ${link}`),
    )
    expect(gone).toEqual([])
  })
})
