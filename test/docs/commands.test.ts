import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'

import { sentences } from '../../domain/words/catalogue.ts'

const repository = join(import.meta.dirname, '..', '..')
const documents = execFileSync('git', ['ls-files', '*.md'], { cwd: repository, encoding: 'utf8' })
  .trim()
  .split('\n')
  .filter((file) => !/^(docs\/decisions|CHANGELOG)/.test(file))

/** What a shell makes of a line: words, with their quotes taken off. */
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? '')

/** Every command line of a text that begins with the program, without what follows it on its line. */
function commandLines(text: string): string[][] {
  return [...text.replaceAll(/\\\n\s*/g, ' ').matchAll(/^\s*npx qianyun (.*)$/gm)].map(([, line = '']) =>
    wordsOf(line.replace(/\s(#|>|\|\s).*$/, '')),
  )
}

/** What the command line says against each of these; null where it would carry one out. */
function problemsOf(lines: readonly (readonly string[])[]): readonly (string | null)[] {
  const script = join(repository, 'test', 'support', 'problems-of-commands.ts')
  const input = JSON.stringify(lines)
  const told = execFileSync(process.execPath, ['--import', 'tsx', script], {
    cwd: repository,
    input,
    encoding: 'utf8',
  })
  return JSON.parse(told) as readonly (string | null)[]
}

describe('the commands that people are told to type', () => {
  it('are there with their options: in documents', () => {
    const asked = documents.flatMap((file) =>
      commandLines(readFileSync(join(repository, file), 'utf8')).map((args) => ({ file, args })),
    )
    expect(asked.length).toBeGreaterThan(40)
    const problems = problemsOf(asked.map(({ args }) => args))
    const wrong = asked.map(({ file, args }, index) => `${file}: ${args.join(' ')}: ${problems[index] ?? ''}`)
    expect(wrong.filter((_, index) => problems[index] !== null)).toEqual([])
  })

  it('are there: in sentences, by their verb', () => {
    const named = Object.values(sentences).flatMap(({ en, zh }) =>
      [en, zh].flatMap((text) =>
        [...text.matchAll(/(?:qianyun |`(?!qianyun|npm ))([a-z]+) ([a-z]+(?:-[a-z]+)*)/g)].map(
          ([, group = '', verb = '']) => [group, verb],
        ),
      ),
    )
    expect(named.length).toBeGreaterThan(5)
    const unknown = problemsOf(named)
      .map((problem, index) => `${named[index]?.join(' ') ?? ''}: ${problem ?? ''}`)
      .filter((line) => /Unknown (command|argument)|did you mean/i.test(line))
    expect(unknown).toEqual([])
  })
})
