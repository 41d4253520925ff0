import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { accountNamed, setUpAccounts, type AccountSetting } from '../api/use-cases/set-up-accounts.ts'
import type { Config } from '../config/config.ts'
import { contextFilePath, readContexts, writeContexts } from '../config/contexts.ts'
import { QianyunError } from '../domain/errors.ts'
import { nameOf } from '../domain/words/said.ts'
import { homeLayout, makeFolders } from './layout.ts'
import { language, says } from './sentences.ts'

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
  await setUpAccounts(
    config.databaseUrl,
    roleAccounts.map((person) => withCredentials(layout.accounts, person)),
  )
  addContexts(config, roleAccounts)
}

/** Whose account it is to be; the token and the key are made. */
export type NewAccount = Omit<AccountSetting, 'tokenHash' | 'publicKeyPem'>

/**
 * Adds an account beside the role accounts, in the same way. Adding it again, as it is, changes nothing.
 * @throws AccountOfAnotherError when there is one of that name of another role or organisation
 */
export async function addAccount(
  config: Pick<Config, 'home' | 'databaseUrl' | 'apiUrl'>,
  person: NewAccount,
): Promise<void> {
  const layout = homeLayout(config.home)
  makeFolders(layout)
  const known = await accountNamed(config.databaseUrl, person.account)
  if (known !== undefined && (known.role !== person.role || known.organisation !== person.organisation))
    throw new AccountOfAnotherError(person.account, known.role, known.organisation)
  await setUpAccounts(config.databaseUrl, [withCredentials(layout.accounts, person)])
  addContexts(config, [person])
}

/** Thrown when an account that is to be added is somebody's already. */
export class AccountOfAnotherError extends QianyunError {
  override name = 'AccountOfAnotherError'
  readonly code = 'account-of-another'

  constructor(
    readonly account: string,
    readonly role: string,
    readonly organisation: string,
  ) {
    super(says.accountOfAnother(account, nameOf(language, 'role', role), organisation))
  }
}

function withCredentials(folder: string, person: NewAccount): AccountSetting {
  const { token, key } = credentialFiles(folder, person.account)
  writeOnce(token, () => `${randomBytes(32).toString('base64url')}\n`)
  writeOnce(key, newKey)
  return {
    ...person,
    tokenHash: createHash('sha256').update(readFileSync(token, 'utf8').trim()).digest('hex'),
    publicKeyPem: publicKeyOf(readFileSync(key)),
  }
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

/** The first of them is the one in use where none has been chosen. */
function addContexts(
  { home, apiUrl: server }: Pick<Config, 'home' | 'apiUrl'>,
  people: readonly [Pick<NewAccount, 'account' | 'role'>, ...Pick<NewAccount, 'account' | 'role'>[]],
): void {
  const path = contextFilePath(home)
  const before = readContexts(path)
  const ours = people.map(({ account, role }) => {
    const { token, key } = credentialFiles(homeLayout(home).accounts, account)
    return [account, { server, account, role, tokenFile: token, keyFile: key }] as const
  })
  writeContexts(path, {
    current: before.current ?? people[0].account,
    contexts: { ...before.contexts, ...Object.fromEntries(ours) },
  })
}
