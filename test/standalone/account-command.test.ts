import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { contextFilePath, readContexts } from '../../config/contexts.ts'
import { AccountStore } from '../../storage/accounts.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const home = mkdtempSync(join(tmpdir(), 'qianyun-account-'))
const program = join(import.meta.dirname, '..', '..', 'standalone', 'account.ts')

afterAll(() => {
  rmSync(home, { recursive: true })
})

/** `npm run account -- …` */
async function account(...args: string[]): Promise<{ readonly code: unknown; readonly says: string }> {
  const { PATH } = process.env
  const env = { PATH, QIANYUN_HOME: home, QIANYUN_LANG: 'en', DATABASE_URL: database.url }
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', program, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, says: stdout + stderr }),
    )
  })
}

const owner = ['add', 'owner-tang', '--role', 'owner', '--organisation', 'tax-office']

describe('the command that adds an account', () => {
  it('makes a token, a key and a context, and an account that they belong to', async () => {
    const { code, says } = await account(...owner, '--name', '唐')
    expect(says).toContain('"owner-tang" is an account of "tax-office", with the role owner.')
    expect(code).toBe(0)
    const { tokenFile, keyFile = '' } = readContexts(contextFilePath(home)).contexts['owner-tang'] ?? {}
    if (tokenFile === undefined) throw new Error('no context was made')
    for (const path of [tokenFile, keyFile]) expect(statSync(path).mode & 0o777).toBe(0o600)
    const tokenHash = createHash('sha256').update(readFileSync(tokenFile, 'utf8').trim()).digest('hex')
    expect(await new AccountStore(database.pool).findByTokenHash(tokenHash)).toMatchObject({
      account: 'owner-tang',
      role: 'owner',
      organisation: 'tax-office',
      name: '唐',
      key: { keyId: expect.any(String) },
    })
  }, 60_000)

  it('gives a coordinator the programme and departments it acts for', async () => {
    const who = ['add', 'coordinator-tang', '--role', 'coordinator', '--organisation', 'tax-office']
    await account(...who, '--programme', 'city', '--department', 'tax-office', '--department', 'toll-office')
    expect(await new AccountStore(database.pool).find('coordinator-tang')).toMatchObject({
      scope: { programme: 'city', departments: ['tax-office', 'toll-office'] },
    })
  }, 60_000)

  it('makes no account of another role or organisation out of one that is there', async () => {
    const { code, says } = await account(...owner.with(-1, 'toll-office'))
    expect(says).toBe(
      '"owner-tang" is an account of "tax-office" already, with the role owner. Choose another name.\n',
    )
    expect(code).toBe(1)
  }, 60_000)

  it('names everything that is wrong with what it was given', async () => {
    const { code, says } = await account('add', 'Owner Tang', '--role', 'boss')
    expect(code).toBe(1)
    expect(says).toMatch(/^No account is added: account .*; role .*; organisation /)
    expect((await account()).says).toMatch(/^npm run account -- add ACCOUNT --role/)
  }, 60_000)
})
