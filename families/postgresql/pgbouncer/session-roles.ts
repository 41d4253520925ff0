import type pg from 'pg'

/** Sends a command to the console of the process. */
type Rows = <T extends pg.QueryResultRow>(command: string) => Promise<readonly T[]>

/**
 * The roles that a process pools by session at an entry, among these and those that have a pool there. The setting of a role goes first; a
 * pool shows what came of it.
 */
export async function lookAtSessionRoles(
  rows: Rows,
  entry: string,
  roles: readonly string[],
): Promise<readonly string[]> {
  const users = await rows<{ name: string; pool_mode: string | null }>('SHOW USERS')
  const pools = await rows<{ database: string; user: string; pool_mode: string }>('SHOW POOLS')
  const modes = new Map(
    users.filter(({ name }) => roles.includes(name)).map((one) => [one.name, one.pool_mode]),
  )
  for (const pool of pools) if (pool.database === entry) modes.set(pool.user, pool.pool_mode)
  return [...modes].flatMap(([role, mode]) => (mode === 'session' ? [role] : []))
}
