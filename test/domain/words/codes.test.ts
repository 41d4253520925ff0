import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { sentences } from '../../../domain/words/catalogue.ts'
import { said, say } from '../../../domain/words/said.ts'
import { SwitchoverAbortedError } from '../../../families/postgresql/switchover/errors.ts'
import { CommandFailedError, HostUnreachableError } from '../../../runner/ssh/errors.ts'

const repository = join(import.meta.dirname, '..', '..', '..')
const rooms = ['activities', 'api', 'config', 'domain', 'families', 'moves', 'runner', 'storage', 'workers']

/** Said by the sentences of the rules that were broken, which stand with the rules. */
const withoutWord = new Set(['census-refused'])

/** Every code of an error in the rooms that answer people. */
function codesOfErrors(): string[] {
  const files = execFileSync('git', ['ls-files', ...rooms.map((room) => `${room}/*.ts`)], { cwd: repository })
  return files
    .toString()
    .trim()
    .split('\n')
    .flatMap((file) => [
      ...readFileSync(join(repository, file), 'utf8').matchAll(
        /readonly code(?:: string)? = '([a-z0-9-]+)'/g,
      ),
    ])
    .map(([, code = '']) => code)
}

describe('the catalogue', () => {
  it('has a word for every error that can reach a person', () => {
    const codes = codesOfErrors()
    expect(codes.length).toBeGreaterThan(100)
    expect(codes.filter((code) => !(code in sentences) && !withoutWord.has(code))).toEqual([])
  })
})

describe('an error', () => {
  it('says its word with its public fields, and nothing the word does not name', () => {
    const error = new CommandFailedError('old-1', 'psql', 2, 'rows of a citizen', 'no such table')
    expect(error.told).toEqual({
      code: 'command-failed',
      values: { host: 'old-1', command: '"psql"', exitCode: 2, expected: [0], output: 'no such table' },
    })
    expect(say('zh', error.told ?? said('reverse-slot-missing'))).toBe(
      '“old-1”上的命令以退出码 2 结束，应为 0：“no such table”。请在主机上手工执行以查看详情："psql"',
    )
  })

  it('says what caused it in the same language', () => {
    const cause = new HostUnreachableError('new-1', '10.0.0.2', 22, 'ECONNREFUSED')
    const error = new SwitchoverAbortedError(
      'fence',
      { role: 'source', address: '10.0.0.1', port: 5432, database: 'permits' },
      12,
      { cause },
    )
    expect(say('zh', error.told ?? said('reverse-slot-missing'))).toContain(
      '放弃：无法在 10.0.0.2:22 连接“new-1”',
    )
  })
})
