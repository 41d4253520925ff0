import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { setUpAccounts, type AccountSetting } from '../api/use-cases/set-up-accounts.ts'
import type { Config } from '../config/config.ts'
import { contextFilePath, readContexts, writeContexts } from '../config/contexts.ts'
import { homeLayout, makeFolders } from './layout.ts'

/** One person of each role, each of an organisation of its own, so that a whole move can be carried out on one machine. */
export const roleAccounts = [
  { account: 'coordinator-chen', role: 'coordinator', organisation: 'coordination-office', name: '陈 Chen' },
  { account: 'owner-li', role: 'owner', organisation: 'permit-bureau', name: '李 Li' },
  { account: 'provider-wang', role: 'provider', organisation: 'city-cloud', name: '王 Wang' },
  { account: 'vendor-zhao', role: 'vendor', organisation: 'permit-soft', name: '赵 Zhao' },
  { account: 'operations-sun', role: 'operations', organisation: 'operations-centre', name: '孙 Sun' },
  { account: 'auditor-qian', role: 'auditor', organisation: 'audit-office', name: '钱 Qian' },
] as const satisfies readonly Pick<AccountSetting, 'account' | 'role' | 'organisation' | 'name'>[]

/**
 * Makes the role accounts of a home, as far as they are missing: a token and an Ed25519 key for each in
 * `<home>/accounts` (0600), the accounts in the database, and contexts with which the CLI finds them. A context that
 * people have added, and the one they have chosen, stay as they are.
 */
export async function ensureRoleAccounts(
  config: Pick<Config, 'home' | 'databaseUrl' | 'apiUrl'>,
): Promise<void> {
  const layout = homeLayout(config.home)
  makeFolders(layout)
  const settings = roleAccounts.map((person): AccountSetting => {
    const { token, key } = credentialFiles(layout.accounts, person.account)
    writeOnce(token, () => `${randomBytes(32).toString('base64url')}\n`)
    writeOnce(key, newKey)
    return {
      ...person,
      tokenHash: createHash('sha256').update(readFileSync(token, 'utf8').trim()).digest('hex'),
      publicKeyPem: publicKeyOf(readFileSync(key)),
    }
  })
  await setUpAccounts(config.databaseUrl, settings)
  addContexts(config.home, config.apiUrl, layout.accounts)
}

/** The files of a role account in the folder of accounts. */
export function credentialFiles(folder: string, account: string) {
  return { token: join(folder, `${account}.token`), key: join(folder, `${account}.key`) }
}

/** The file is made closed to others, not closed after it was made. */
function writeOnce(path: string, content: () => string): void {
  if (!existsSync(path)) writeFileSync(path, content(), { mode: 0o600, flag: 'wx' })
}

function newKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()
}

function publicKeyOf(privateKeyPem: Buffer): string {
  return createPublicKey(createPrivateKey(privateKeyPem)).export({ type: 'spki', format: 'pem' }).toString()
}

function addContexts(home: string, server: string, folder: string): void {
  const path = contextFilePath(home)
  const before = readContexts(path)
  const ours = roleAccounts.map(({ account, role }) => {
    const { token, key } = credentialFiles(folder, account)
    return [account, { server, account, role, tokenFile: token, keyFile: key }] as const
  })
  writeContexts(path, {
    current: before.current ?? roleAccounts[0].account,
    contexts: { ...before.contexts, ...Object.fromEntries(ours) },
  })
}
