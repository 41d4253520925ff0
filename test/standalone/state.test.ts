import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { beforeEach, describe, expect, it } from '@jest/globals'

import { contextFilePath, readContexts, writeContexts } from '../../config/contexts.ts'
import { homeLayout, makeFolders } from '../../standalone/layout.ts'
import { repository } from '../../standalone/programs.ts'
import { prepareStack } from '../../standalone/stack.ts'
import { eraseState, StateElsewhereError } from '../../standalone/state.ts'
import { useHomeFolder } from '../support/home-folder.ts'

const home = useHomeFolder()
const layout = homeLayout(home)
const made = [
  join(layout.postgresData, 'PG_VERSION'),
  join(layout.ownSecrets, 'stack-postgres'),
  join(layout.accounts, 'owner-li.key'),
]
const ofPeople = [join(layout.secrets, 'real-admin'), join(layout.accounts, 'our-own.key')]

beforeEach(() => {
  makeFolders(layout)
  mkdirSync(layout.postgresData, { recursive: true })
  for (const path of [...made, ...ofPeople]) writeFileSync(path, 'x', { mode: 0o600 })
})

describe('beginning anew', () => {
  it('removes what the stack made, and keeps secrets, keys and contexts that people put there', async () => {
    const context = { server: 'http://127.0.0.1:7070', account: 'owner-li', tokenFile: '/etc/token' }
    const file = contextFilePath(home)
    writeContexts(file, { current: 'owner-li', contexts: { 'owner-li': context, elsewhere: context } })

    await eraseState(layout, () => undefined)

    expect(made.filter((path) => existsSync(path))).toEqual([])
    expect(ofPeople.filter((path) => !existsSync(path))).toEqual([])
    expect(readContexts(file)).toEqual({ contexts: { elsewhere: context } })
  })

  it('names what it would remove and removes nothing where nobody can be asked', async () => {
    const { code, output } = await start(['--fresh', '--no-lab', '--lang', 'en'])

    expect(code).toBe(1)
    for (const path of [layout.postgresData, ...made.slice(1)]) expect(output).toContain(path)
    for (const path of ofPeople) expect(output).not.toContain(path)
    expect(output).toContain('add --yes')
    expect([...made, ...ofPeople].filter((path) => !existsSync(path))).toEqual([])
  })

  it('is refused when the moves are kept by a server that is not its own', () => {
    const ports = { api: 1, temporal: 2, temporalUi: 3, postgres: 4 }
    const variables = { DATABASE_URL: 'postgres://qianyun@db.example.org/qianyun' }

    expect(() => prepareStack({ home, ports, lab: false, fresh: true, variables })).toThrow(
      StateElsewhereError,
    )
    expect(existsSync(layout.lock)).toBe(false)
  })
})

/** `npm start` after its set-up, without a terminal. */
function start(args: string[]): Promise<{ code: number; output: string }> {
  const program = join(repository, 'standalone', 'main.ts')
  const env = { PATH: process.env['PATH'], QIANYUN_HOME: home }
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['--import', 'tsx', program, ...args],
      { cwd: repository, env },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? -1, output: stdout + stderr }),
    )
    child.stdin?.end()
  })
}
