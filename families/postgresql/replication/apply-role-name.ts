import { createHash } from 'node:crypto'

const prefix = 'qianyun_apply_'

/** The role that applies changes in a database of a server before 16. Servers are shared, so each database has its own. */
export function applyRoleOf(database: string): string {
  return `${prefix}${createHash('md5').update(database).digest('hex').slice(0, 16)}`
}

/** Whether a name, an SQL expression, is that of such a role: it is the engine's, made and removed with replication. */
export const isApplyRole = (name: string): string => `coalesce(${name} like 'qianyun\\_apply\\_%', false)`

/**
 * Whether a role of `pg_roles` has such a name and no session of its own: workers of a subscription do not count for a limit of connections. Whoever
 * may make roles may give one that name, and only this lets it pass a fence.
 */
export const isShutApplyRole = (role: string): string =>
  `(${isApplyRole(`${role}.rolname`)} and coalesce(${role}.rolconnlimit = 0, false))`
