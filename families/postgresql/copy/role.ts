import type pg from 'pg'
import { powersOf } from '../server/powers.ts'

/** A role as its server has it. */
export interface Role {
  readonly name: string
  /** The name as SQL quotes it, where it must be: a waiver names it so. */
  readonly identity: string
  readonly login: boolean
  readonly inherit: boolean
  readonly createDb: boolean
  readonly createRole: boolean
  readonly replication: boolean
  readonly bypassRls: boolean
  readonly connectionLimit: number
  readonly validUntil: string | null
  /** The stored hash: the password itself is nowhere. Undefined where the administrator may not read it. */
  readonly password: string | null | undefined
  readonly memberOf: readonly Membership[]
  /** `name=value`, as the catalogue keeps it. */
  readonly settings: readonly string[]
  /** Made here, on this server, by an earlier copy. */
  readonly marked: boolean
}

export interface Membership {
  readonly group: string
  readonly admin: boolean
  /** Servers from 16 on keep these with each membership; null on older ones. */
  readonly inherit: boolean | null
  readonly set: boolean | null
}

/** The comment a role carries that was made here: servers are shared, and a role of that name may be another system's. */
export const mark = 'carried over by Qianyun'

/** Roles by name; what a server does not have is absent. */
export async function readRoles(
  client: pg.Client,
  names: readonly string[],
): Promise<ReadonlyMap<string, Role>> {
  const { readsPasswords } = await powersOf(client)
  const { rows } = await client.query<Role>(
    `select r.rolname::text as name, quote_ident(r.rolname) as identity, rolcanlogin as login, rolinherit as inherit, rolcreatedb as "createDb",
            rolcreaterole as "createRole", rolreplication as replication, rolbypassrls as "bypassRls",
            rolconnlimit as "connectionLimit", case when isfinite(rolvaliduntil) then (rolvaliduntil at time zone 'UTC')::text || '+00' else rolvaliduntil::text end as "validUntil",
            ${readsPasswords ? 'rolpassword as password,' : ''}
            coalesce(shobj_description(r.oid, 'pg_authid') = $2, false) as marked,
            (select coalesce(jsonb_agg(jsonb_build_object('group', g.rolname, 'admin', m.admin_option,
                      'inherit', to_jsonb(m) -> 'inherit_option', 'set', to_jsonb(m) -> 'set_option')), '[]')
               from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) as "memberOf",
            (select coalesce(array_agg(setting), '{}') from pg_db_role_setting s, unnest(s.setconfig) setting
              where s.setrole = r.oid and s.setdatabase = 0) as settings
       from ${readsPasswords ? 'pg_authid' : 'pg_roles'} r where rolname = any ($1)`,
    [[...names], mark],
  )
  return new Map(rows.map((role) => [role.name, role]))
}

/** Attributes as CREATE ROLE and ALTER ROLE take them; those of `unless` are the same already. */
export function attributes(
  role: Role,
  { login, unless }: { login: boolean; unless?: Role },
): readonly string[] {
  const word = (name: string, key: BooleanAttribute) =>
    unless?.[key] === role[key] ? [] : [role[key] ? name : `no${name}`]
  const limits = [
    ...(unless?.connectionLimit === role.connectionLimit ? [] : [`connection limit ${role.connectionLimit}`]),
    ...(unless?.validUntil === role.validUntil || (unless === undefined && role.validUntil === null)
      ? []
      : [`valid until '${(role.validUntil ?? 'infinity').replaceAll("'", '')}'`]),
  ]
  return [
    ...(login ? word('login', 'login') : []),
    ...word('inherit', 'inherit'),
    ...word('createdb', 'createDb'),
    ...word('createrole', 'createRole'),
    ...word('replication', 'replication'),
    ...word('bypassrls', 'bypassRls'),
    ...limits,
  ]
}

type BooleanAttribute = 'login' | 'inherit' | 'createDb' | 'createRole' | 'replication' | 'bypassRls'
