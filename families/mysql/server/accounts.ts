import { createHash } from 'node:crypto'
import { type Account, account, text } from './quote.ts'
import type { Numeral, Session } from './session.ts'

const followers = 'qianyun_follows_'

/** The account by which a server follows another one: each has its own, by where it is. It may nothing else. */
export function followerOf({ address, port }: { readonly address: string; readonly port: number }): string {
  const digest = createHash('sha256')
    .update(`${address}:${String(port)}`)
    .digest('hex')
  return `${followers}${digest.slice(0, 10)}`
}

/** An account or a role as a server has it. */
export interface KnownAccount extends Account {
  readonly locked: boolean
  readonly isRole: boolean
}

/** Accounts that are neither the server's own, nor of the administrator of the host, nor the engine's, nor of these names. */
export async function accountsOf(
  session: Session,
  except: readonly string[],
): Promise<readonly KnownAccount[]> {
  const rows = await session.rows<{
    user: string
    host: string
    locked: Numeral
    isRole: Numeral
  }>(
    `SELECT user, host, JSON_VALUE(priv, '$.account_locked') = '1' AS locked, JSON_VALUE(priv, '$.is_role') = '1' AS isRole
       FROM mysql.global_priv
      WHERE user NOT IN ('mariadb.sys', 'PUBLIC'${except.map((one) => `, ${text(one)}`).join('')})
        AND CONCAT(user, '@', host) <> CURRENT_USER()
        AND NOT (user IN ('root', 'mysql') AND host IN ('localhost', '127.0.0.1', '::1', @@hostname))
      ORDER BY user, host`,
  )
  return rows.map((row) => ({
    user: row.user,
    host: row.host,
    locked: Number(row.locked) === 1,
    isRole: Number(row.isRole) === 1,
  }))
}

/** Whether an account is one by which some server follows this one; it is nothing of the database's own. */
export function isFollower({ user }: Account): boolean {
  return user.startsWith(followers)
}

/** Accounts that can log in. */
export function openAccounts(accounts: readonly KnownAccount[]): readonly Account[] {
  return accounts.filter(({ locked, isRole }) => !locked && !isRole).map(({ user, host }) => ({ user, host }))
}

/** Sessions that are there stay: whoever locks ends them as well. */
export async function lockAccounts(session: Session, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return
  await session.run(`ALTER USER IF EXISTS ${accounts.map(account).join(', ')} ACCOUNT LOCK`)
}

export async function unlockAccounts(session: Session, accounts: readonly Account[]): Promise<void> {
  if (accounts.length === 0) return
  await session.run(`ALTER USER IF EXISTS ${accounts.map(account).join(', ')} ACCOUNT UNLOCK`)
}
