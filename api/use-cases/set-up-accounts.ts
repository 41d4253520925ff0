import type { Account } from '../../domain/ports/accounts.ts'
import { applySchema } from '../../storage/apply-schema.ts'
import { AccountStore, ensureAccounts, type AccountSetting } from '../../storage/accounts.ts'
import { createPool, type Pool } from '../../storage/pool.ts'

export type { AccountSetting } from '../../storage/accounts.ts'

/** Makes the accounts of a server be as given, on a database that may still be empty. Doing it again changes nothing. */
export async function setUpAccounts(databaseUrl: string, settings: readonly AccountSetting[]): Promise<void> {
  await withPool(databaseUrl, async (pool) => ensureAccounts(pool, settings))
}

/** The account of this name, on a database that may still be empty; undefined when there is none. */
export async function accountNamed(databaseUrl: string, account: string): Promise<Account | undefined> {
  return withPool(databaseUrl, async (pool) => new AccountStore(pool).find(account))
}

async function withPool<T>(databaseUrl: string, use: (pool: Pool) => Promise<T>): Promise<T> {
  const pool = createPool(databaseUrl, { max: 1 })
  try {
    await applySchema(pool)
    return await use(pool)
  } finally {
    await pool.end()
  }
}
