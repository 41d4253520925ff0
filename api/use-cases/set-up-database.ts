import type { ProcessName } from '../../domain/process-name.ts'
import { applyRights } from '../../storage/apply-rights.ts'
import { applySchema } from '../../storage/apply-schema.ts'
import { foldAnew } from '../../storage/folded-anew.ts'
import { createPool } from '../../storage/pool.ts'
import { ensureProcessRoles } from '../../storage/process-roles.ts'

export { ensureProcessRoles } from '../../storage/process-roles.ts'
export { scramVerifier } from '../../storage/scram-verifier.ts'

/**
 * Brings a database up to the newest schema, as the owner of its tables, and gives each process a role with the rights it needs. The
 * database may be empty, or be of an earlier version. Doing it again changes nothing. With `fold`, states of moves that are not what
 * their events add up to become it; an upgrade does so by itself.
 * @returns the moves whose state was another one
 * @throws DatabaseNewerError ProcessRolesMissingError
 */
export async function setUpDatabase(
  ownerUrl: string,
  passwords: Readonly<Record<ProcessName, string>>,
  { fold = false } = {},
): Promise<readonly string[]> {
  const pool = createPool(ownerUrl, { max: 2 })
  try {
    await applySchema(pool)
    await ensureProcessRoles(pool, passwords)
    await applyRights(pool)
    return await foldAnew(pool, { asked: fold })
  } finally {
    await pool.end()
  }
}
