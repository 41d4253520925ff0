import { createHash, generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { AccountStore, ensureAccounts, keyId } from '../../storage/accounts.ts'
import { AuditLog } from '../../storage/audit.ts'
import { useDatabase } from '../support/database.ts'

const database = useDatabase()
const publicKeyPem = generateKeyPairSync('ed25519')
  .publicKey.export({ type: 'spki', format: 'pem' })
  .toString()
const tokenHash = createHash('sha256').update('token').digest('hex')
const owner = {
  account: 'owner-li',
  role: 'owner',
  organisation: 'permit-bureau',
  name: '李',
  tokenHash,
  publicKeyPem,
} as const

describe('accounts', () => {
  it('are found by the hash of their token, with the key they sign with', async () => {
    await ensureAccounts(database.pool, [owner])
    const found = await new AccountStore(database.pool).findByTokenHash(tokenHash)
    expect(found).toMatchObject({ account: 'owner-li', role: 'owner', organisation: 'permit-bureau' })
    expect(found?.key).toEqual({ keyId: keyId(publicKeyPem), publicKeyPem })
    expect(found?.key?.keyId).toMatch(/^[0-9a-f]{16}$/)
  })

  it('change only when they differ, and every change is audited without the token', async () => {
    await ensureAccounts(database.pool, [owner])
    await ensureAccounts(database.pool, [{ ...owner, organisation: 'permit-office' }])
    const lines = await new AuditLog(database.pool).list(0, 10)
    expect(lines.map(({ entry }) => entry.detail['organisation'])).toEqual(['permit-bureau', 'permit-office'])
    expect(JSON.stringify(lines)).not.toContain(tokenHash)
  })

  it('do not know a token nobody has', async () => {
    expect(await new AccountStore(database.pool).findByTokenHash('0'.repeat(64))).toBeUndefined()
  })
})
