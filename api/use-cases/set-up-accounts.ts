import { applySchema } from '../../storage/apply-schema.ts'
import { ensureAccounts, type AccountSetting } from '../../storage/accounts.ts'
import { createPool } from '../../storage/pool.ts'

export type { AccountSetting } from '../../storage/accounts.ts'

/** Makes the accounts of a server be as given, on a database that may still be empty. Doing it again changes nothing. */
export async function setUpAccounts(databaseUrl: string, settings: readonly AccountSetting[]): Promise<void> {
  const pool = createPool(databaseUrl, { max: 1 })
  try {
    await applySchema(pool)
    await ensureAccounts(pool, settings)
  } finally {
    await pool.end()
  }
}
