import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { ForeignRoleError } from '../errors.ts'
import { outOfSight } from './out-of-sight.ts'

interface Role {
  readonly name: string
  readonly login: boolean
  readonly inherit: boolean
  readonly createDb: boolean
  readonly createRole: boolean
  readonly bypassRls: boolean
  readonly connectionLimit: number
  readonly validUntil: string | null
  /** The stored hash: the password itself is nowhere. */
  readonly password: string | null
  readonly memberOf: readonly string[]
  readonly settings: readonly string[]
}

/** The roles a database needs: the application's, the owners and grantees of what is in it, and the groups they are in. */
async function neededRoles(from: pg.Client, port: DatabasePort): Promise<readonly Role[]> {
  const { rows } = await from.query<Role>(
    `with recursive needed as (
       select oid from pg_authid where rolname = any ($1)
       union
       select d.refobjid from pg_shdepend d
        where d.refclassid = 'pg_authid'::regclass
          and (d.dbid = (select oid from pg_database where datname = current_database())
               or (d.classid = 'pg_database'::regclass and d.objid = (select oid from pg_database where datname = current_database())))
       union
       select m.roleid from pg_auth_members m join needed n on n.oid = m.member)
     select r.rolname as name, rolcanlogin as login, rolinherit as inherit, rolcreatedb as "createDb",
            rolcreaterole as "createRole", rolbypassrls as "bypassRls", rolconnlimit as "connectionLimit",
            rolvaliduntil::text as "validUntil", rolpassword as password,
            (select coalesce(array_agg(g.rolname::text), '{}') from pg_auth_members m join pg_authid g on g.oid = m.roleid
              where m.member = r.oid) as "memberOf",
            (select coalesce(array_agg(setting), '{}') from pg_db_role_setting s, unnest(s.setconfig) setting
              where s.setrole = r.oid and s.setdatabase = 0) as settings
       from pg_authid r join needed n on n.oid = r.oid
      where not rolsuper and rolname !~ '^pg_' order by rolname`,
    [[...port.appRoles]],
  )
  return rows
}

/**
 * Makes the roles a database needs on another server, with their stored password hashes, and brings those it made earlier
 * up to date. They keep whether they may log in: a fence may have taken it. Superusers are never carried over. A role of
 * somebody else stays as it is. Gives the names it made. Throws ForeignRoleError.
 */
export async function copyRoles(
  from: pg.Client,
  to: pg.Client,
  port: DatabasePort,
): Promise<readonly string[]> {
  const roles = await neededRoles(from, port)
  const there = await existingRoles(to, port.appRoles)
  const foreign = roles.filter(({ name, password }) => {
    const known = there.get(name)
    return known !== undefined && !known.ours && known.password !== password
  })
  if (foreign.length > 0) throw new ForeignRoleError(foreign.map(({ name }) => name))

  const made = roles.filter(({ name }) => !there.has(name))
  for (const role of made) {
    const name = to.escapeIdentifier(role.name)
    await outOfSight(to, `create role ${name} ${attributes(to, role)}`)
    await to.query(`comment on role ${name} is ${to.escapeLiteral(mark)}`)
  }
  for (const role of roles.filter(({ name }) => there.get(name)?.ours ?? true)) {
    const name = to.escapeIdentifier(role.name)
    if (role.password !== null) {
      await outOfSight(to, `alter role ${name} password ${to.escapeLiteral(role.password)}`)
    }
    for (const setting of role.settings) await applySetting(to, `role ${name}`, setting)
    for (const group of role.memberOf) {
      if (!there.has(group) && !made.some((one) => one.name === group)) continue
      await to.query(`grant ${to.escapeIdentifier(group)} to ${name}`)
    }
  }
  return made.map(({ name }) => name)
}

/**
 * The comment a role carries that was made here: servers are shared, and a role of that name may be another system's. The
 * roles a plan names as the application's are its own, also where the provider has made them beforehand.
 */
const mark = 'carried over by Qianyun'

async function existingRoles(
  client: pg.Client,
  appRoles: readonly string[],
): Promise<ReadonlyMap<string, { ours: boolean; password: string | null }>> {
  const { rows } = await client.query<{ name: string; ours: boolean; password: string | null }>(
    `select rolname::text as name, rolpassword as password,
            rolname = any ($2) or coalesce(shobj_description(oid, 'pg_authid') = $1, false) as ours
       from pg_authid`,
    [mark, [...appRoles]],
  )
  return new Map(rows.map((row) => [row.name, row]))
}

function attributes(client: pg.Client, role: Role): string {
  const word = (name: string, on: boolean): string => (on ? name : `no${name}`)
  return [
    word('login', role.login),
    word('inherit', role.inherit),
    word('createdb', role.createDb),
    word('createrole', role.createRole),
    word('bypassrls', role.bypassRls),
    `connection limit ${role.connectionLimit}`,
    ...(role.validUntil === null ? [] : [`valid until ${client.escapeLiteral(role.validUntil)}`]),
    ...(role.password === null ? [] : [`password ${client.escapeLiteral(role.password)}`]),
  ].join(' ')
}

/** Database privileges and settings, which a dump of one database leaves out. */
export async function copyDatabaseAttributes(
  from: pg.Client,
  to: pg.Client,
  names: { from: string; to: string },
): Promise<void> {
  const database = to.escapeIdentifier(names.to)
  const { rows: grants } = await from.query<{ grantee: string | null; privilege: string }>(
    `select r.rolname as grantee, a.privilege_type as privilege
       from pg_database d, aclexplode(d.datacl) a left join pg_roles r on r.oid = a.grantee
      where d.datname = $1 and not coalesce(r.rolsuper, false)`,
    [names.from],
  )
  if (grants.length > 0) await to.query(`revoke all on database ${database} from public`)
  for (const { grantee, privilege } of grants) {
    const who = grantee === null ? 'public' : to.escapeIdentifier(grantee)
    await to.query(`grant ${privilege} on database ${database} to ${who}`)
  }
  const { rows: settings } = await from.query<{ role: string | null; setting: string }>(
    `select r.rolname as role, setting
       from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
       left join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) setting
      where d.datname = $1 and setting not like 'default_transaction_read_only=%'`,
    [names.from],
  )
  for (const { role, setting } of settings) {
    const target =
      role === null ? `database ${database}` : `role ${to.escapeIdentifier(role)} in database ${database}`
    await applySetting(to, target, setting)
  }
}

/** Settings whose value is stored as a list of identifiers, quoted where they must be. */
const identifierLists = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
])

/**
 * Carries over one setting, `name=value` as the catalogue keeps it. Any role chooses names and values of its own settings,
 * and this runs as a superuser: nothing of them may reach the statement unquoted.
 */
async function applySetting(client: pg.Client, target: string, setting: string): Promise<void> {
  const cut = setting.indexOf('=')
  const name = setting.slice(0, cut)
  const value = setting.slice(cut + 1)
  const items = identifierLists.has(name) ? listItems(value) : [value]
  const written = items.map((item) => client.escapeLiteral(item)).join(', ')
  await client.query(`alter ${target} set ${client.escapeIdentifier(name)} to ${written}`)
}

/** The names in a stored list: `a, "B ""c"""` gives a and B "c". */
function listItems(value: string): readonly string[] {
  const items = value.match(/"(?:[^"]|"")*"|[^",\s]+/g) ?? ['']
  return items.map((item) => (item.startsWith('"') ? item.slice(1, -1).replaceAll('""', '"') : item))
}
