import { createHash } from 'node:crypto'
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { contextFilePath, readContexts, writeContexts } from '../../config/contexts.ts'
import { ensureRoleAccounts } from '../../standalone/accounts.ts'
import { AccountStore } from '../../storage/accounts.ts'
import { useEmptyDatabase } from '../support/database.ts'

const database = useEmptyDatabase()
const home = mkdtempSync(join(tmpdir(), 'qianyun-accounts-'))
const ensure = () => ensureRoleAccounts({ home, databaseUrl: database.url, apiUrl: 'http://127.0.0.1:7070' })
const file = (name: string) => join(home, 'accounts', name)

afterAll(() => {
  rmSync(home, { recursive: true })
})

describe('the role accounts of a home', () => {
  it('are made on an empty database, each with a token and a key only its user can read', async () => {
    await ensure()
    const files = readdirSync(join(home, 'accounts'))
    expect(files).toHaveLength(12)
    for (const name of files) expect(statSync(file(name)).mode & 0o777).toBe(0o600)
    const hash = createHash('sha256')
      .update(readFileSync(file('vendor-zhao.token'), 'utf8').trim())
      .digest('hex')
    expect(await new AccountStore(database.pool).findByTokenHash(hash)).toMatchObject({
      account: 'vendor-zhao',
      role: 'vendor',
      organisation: 'permit-soft',
    })
  })

  it('belong to different organisations', async () => {
    const { rows } = await database.pool.query('select distinct organisation from account')
    expect(rows).toHaveLength(6)
  })

  it('keep their tokens and keys, and the contexts people made and chose, at the next start', async () => {
    const token = readFileSync(file('owner-li.token'), 'utf8')
    const key = readFileSync(file('owner-li.key'), 'utf8')
    const path = contextFilePath(home)
    const { contexts } = readContexts(path)
    const elsewhere = { server: 'https://moves.example.org', account: 'owner-li', tokenFile: '/etc/token' }
    writeContexts(path, { current: 'elsewhere', contexts: { ...contexts, elsewhere } })
    await ensure()
    expect(readFileSync(file('owner-li.token'), 'utf8')).toBe(token)
    expect(readFileSync(file('owner-li.key'), 'utf8')).toBe(key)
    const after = readContexts(path)
    expect(after.current).toBe('elsewhere')
    expect(after.contexts['elsewhere']).toEqual(elsewhere)
    expect(after.contexts['owner-li']).toMatchObject({ server: 'http://127.0.0.1:7070', role: 'owner' })
  })
})
