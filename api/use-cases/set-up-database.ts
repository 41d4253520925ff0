import type { ProcessName } from '../../domain/process-name.ts'
import { applyRights } from '../../storage/apply-rights.ts'
import { applySchema } from '../../storage/apply-schema.ts'
import { createPool } from '../../storage/pool.ts'
import { ensureProcessRoles } from '../../storage/process-roles.ts'

export { ensureProcessRoles } from '../../storage/process-roles.ts'

/**
 * Brings a database up to the newest schema, as the owner of its tables, and gives each process a role with the rights it needs. The
 * database may be empty, or be of an earlier version. Doing it again changes nothing.
 * @throws DatabaseNewerError ProcessRolesMissingError
 */
export async function setUpDatabase(
  ownerUrl: string,
  passwords: Readonly<Record<ProcessName, string>>,
): Promise<void> {
  const pool = createPool(ownerUrl, { max: 2 })
  try {
    await applySchema(pool)
    await ensureProcessRoles(pool, passwords)
    await applyRights(pool)
  } finally {
    await pool.end()
  }
}
