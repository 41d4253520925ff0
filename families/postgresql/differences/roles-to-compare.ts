import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'
import { mark } from '../copy/role.ts'
import { rolesOfDatabase } from './catalog/roles.ts'

/**
 * The roles to compare: those that matter to the database on either side. A role that may only log in on one side, and belongs to somebody
 * else on the other side, is no part of this move. Superusers are not copied, and a rule refuses those of the application; a role that is
 * one on a single side has gained or lost rights, and is compared.
 */
export async function rolesToCompare(from: DatabasePort, to: DatabasePort): Promise<readonly string[]> {
  const [left, right] = await Promise.all([rolesOn(from), rolesOn(to)])
  const ours = new Set([...left.ours, ...right.ours])
  const loose = left.loose.filter((name) => ours.has(name) || !right.all.has(name))
  const isPlainOn = ({ all, superusers }: RolesOnSide, name: string) =>
    all.has(name) && !superusers.includes(name)
  return [...new Set([...left.tied, ...right.tied, ...loose])]
    .filter((name) => isPlainOn(left, name) || isPlainOn(right, name))
    .toSorted()
}

interface RolesOnSide {
  readonly tied: readonly string[]
  readonly loose: readonly string[]
  readonly ours: readonly string[]
  readonly superusers: readonly string[]
  readonly all: ReadonlySet<string>
}

async function rolesOn(port: DatabasePort): Promise<RolesOnSide> {
  return withClient(port, 'compare', async (client) => {
    const roles = await rolesOfDatabase(client, port)
    const { rows } = await client.query<{ name: string; ours: boolean; superuser: boolean }>(
      `select rolname::text as name, rolsuper as superuser, coalesce(shobj_description(oid, 'pg_authid') = $1, false) as ours from pg_roles`,
      [mark],
    )
    return {
      ...roles,
      all: new Set(rows.map(({ name }) => name)),
      superusers: rows.filter(({ superuser }) => superuser).map(({ name }) => name),
      ours: rows.filter(({ ours }) => ours).map(({ name }) => name),
    }
  })
}
