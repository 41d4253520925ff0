import { readFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { sentences } from '../../../domain/words/catalogue.ts'
import { said, say, inForeignWords } from '../../../domain/words/said.ts'
import { failureText } from '../../../cli/views/particulars.ts'
import { judgeFacts } from '../../../families/postgresql/assess.ts'
import { CensusRefusedError } from '../../../families/postgresql/errors.ts'
import { obstaclesIn } from '../../../families/postgresql/census/judge.ts'
import { SwitchoverAbortedError } from '../../../families/postgresql/switchover/errors.ts'
import { databaseFacts, tableFacts } from '../../support/facts.ts'
import { CommandFailedError, HostUnreachableError } from '../../../runner/ssh/errors.ts'

const repository = join(import.meta.dirname, '..', '..', '..')
const rooms = ['activities', 'api', 'config', 'domain', 'families', 'moves', 'runner', 'storage', 'workers']

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
    expect(codes.filter((code) => !(code in sentences))).toEqual([])
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

  it('says each obstacle of a refused replication in the language of the reader', () => {
    const tables = [tableFacts({ name: 'public.visit', hasReplicaIdentity: false })]
    const facts = databaseFacts({ tables, preparedTransactions: 2 })
    const { told, code } = new CensusRefusedError(obstaclesIn(judgeFacts(facts, { waivers: [] }).findings))
    const values = JSON.parse(JSON.stringify(told?.values ?? {})) as Record<string, unknown>
    const zh = failureText('zh', { code, values, message: 'in English' })
    expect(zh).toContain('表“public.visit”没有主键')
    expect(zh).toContain('数据库“permit_desk”上有 2 个悬挂的两阶段事务。由其协调者提交或回滚它们。')
    expect(zh).not.toMatch(/Table|Database|、数据库/)
    expect(failureText('en', { code, values, message: '' })).toContain(
      'Database "permit_desk" holds 2 prepared',
    )
  })

  it('says what caused it in the same language', () => {
    const cause = new HostUnreachableError('new-1', '10.0.0.2', 22, inForeignWords('ECONNREFUSED'))
    const error = new SwitchoverAbortedError(
      'fence',
      { called: 'source', address: '10.0.0.1', port: 5432, database: 'permits' },
      12,
      { cause },
    )
    expect(say('zh', error.told ?? said('reverse-slot-missing'))).toContain(
      '中止：无法在 10.0.0.2:22 连接“new-1”',
    )
  })
})
