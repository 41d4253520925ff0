import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'
import { oneRow, sqlState } from '../server/connections.ts'
import { powersOf } from '../server/powers.ts'
import type { SideState } from '../server/control.ts'

interface RoleLook {
  readonly exists: boolean
  readonly login: boolean
  readonly superuser: boolean
  readonly connect: boolean
  readonly secret: string | null
}

/** Why a role could not log in once the side is open, by the catalogs and the fence; undefined if it could. */
export async function roleUnfit(
  client: pg.Client,
  { fence }: SideState,
  role: string,
): Promise<Said | undefined> {
  const found = await look(
    client,
    role,
    (fence?.connect ?? []).map((grant) => grant.role),
  )
  if (!found.exists) return said('role-absent')
  if (!found.login && fence?.login.includes(role) !== true) return said('role-without-login')
  return found.connect || found.superuser ? undefined : said('role-without-connect')
}

/**
 * Why the pooler's `auth_user` could not look up passwords on the side `to`: nobody copies this role, and on the side `from` it may have
 * its rights as a superuser.
 */
export async function authUserUnfit(
  from: pg.Client,
  to: pg.Client,
  state: SideState,
  asked: { readonly authUser: string; readonly authQuery: string; readonly role: string },
): Promise<Said | undefined> {
  const { authUser } = asked
  const unfit = await roleUnfit(to, state, authUser)
  if (unfit !== undefined) return unfit
  const [old, found] = await Promise.all([look(from, authUser, []), look(to, authUser, [])])
  if (found.secret === null && old.secret !== null) return said('role-without-password')
  return lookUpFails(to, { ...asked, isFenced: state.fence?.login.includes(asked.role) === true })
}

/** Looks up the role as the `auth_user` does, in a transaction that is rolled back. */
async function lookUpFails(
  client: pg.Client,
  {
    authUser,
    authQuery,
    role,
    isFenced,
  }: {
    readonly authUser: string
    readonly authQuery: string
    readonly role: string
    readonly isFenced: boolean
  },
): Promise<Said | undefined> {
  await client.query('begin')
  try {
    // Queries of poolers look for roles that may log in.
    if (isFenced) await client.query(`alter role ${client.escapeIdentifier(role)} login`)
    await client.query(`set local role ${client.escapeIdentifier(authUser)}`)
    const { rowCount } = await client.query(authQuery, [role])
    return rowCount === 0 ? said('role-finds-nobody', { role }) : undefined
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    return said('role-runs-no-query', { message: messageOf(error) })
  } finally {
    await client.query('rollback')
  }
}

async function look(client: pg.Client, role: string, groups: readonly (string | null)[]): Promise<RoleLook> {
  const { readsPasswords } = await powersOf(client)
  return oneRow<RoleLook & Record<string, never>>(
    client,
    `select r.oid is not null as exists, coalesce(r.rolcanlogin, false) as login, coalesce(r.rolsuper, false) as superuser,
            -- Of one that may not be read it is not known that there is none.
            r.rolpassword as secret,
            exists (select from unnest($2::text[]) g
                     where g is null or (r.oid is not null and to_regrole(quote_ident(g)) is not null
                                         and pg_has_role(r.oid, to_regrole(quote_ident(g)), 'usage'))) as connect
       from (select $1::text as name) n left join ${readsPasswords ? 'pg_authid' : 'pg_roles'} r on r.rolname = n.name`,
    [role, groups],
  )
}
