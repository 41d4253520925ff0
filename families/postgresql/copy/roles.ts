import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { rolesOfDatabase } from '../differences/catalog/roles.ts'
import type { Fenced } from '../differences/fenced.ts'
import { copyDatabaseSettings, splitSetting } from '../differences/role-settings.ts'
import { settingStatement } from '../differences/setting-statement.ts'
import { isApplyRole } from '../replication/apply-role-name.ts'
import { messageOf } from '../../../domain/errors.ts'
import { sqlState, withClient } from '../server/connections.ts'
import { isAdministrator } from '../server/administrator.ts'
import { ForeignRoleError, RolesChangeError } from './errors.ts'
import { outOfSight } from './out-of-sight.ts'
import { type Role, attributes, mark, readRoles } from './role.ts'

/** What became of the roles a database needs. */
export interface CopiedRoles {
  readonly made: readonly string[]
  /** Each with what of it was changed. */
  readonly changed: readonly string[]
  /** Roles of somebody else, whose name one of ours has: left as they are. */
  readonly foreign: readonly string[]
}

export interface RoleCopy {
  /** What the fences of both servers have taken; absent while nothing is fenced: then roles keep whether they may log in. */
  readonly fenced?: { readonly from: Fenced; readonly to: Fenced }
  /** Whether something of a role is left as it is. */
  readonly isWaived?: (object: string) => boolean
}

/**
 * Makes the roles a database needs on another server, with their stored password hashes, and brings those it made earlier
 * up to date: attributes, passwords, memberships, settings. Superusers are never carried over, and nothing is taken away.
 * @throws ForeignRoleError, before anything was changed, when a role of somebody else is in the way; RolesChangeError
 */
export async function copyRoles(from: pg.Client, to: pg.Client, port: DatabasePort): Promise<CopiedRoles> {
  return againAsRolesChange(async () => {
    const needed = await neededRoles(from, to, port, 'tied')
    if (needed.foreign.length > 0) throw new ForeignRoleError(needed.foreign)
    return bringUpToDate(to, needed, {})
  })
}

/** The same for a pair that is replicated, with the roles that can merely log in: a role of somebody else is left for the comparison of both sides to name. */
export async function refreshRoles(
  from: pg.Client,
  to: pg.Client,
  port: DatabasePort,
  copy: RoleCopy,
): Promise<CopiedRoles> {
  return againAsRolesChange(async () => bringUpToDate(to, await neededRoles(from, to, port, 'all'), copy))
}

const attempts = 3

/** Reads the roles anew where one has come or gone since. @throws RolesChangeError if that goes on */
async function againAsRolesChange<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      // 42704: a role is gone; 42710: somebody has made it; XX000: two statements have met at one role.
      if (!['42704', '42710', 'XX000'].includes(sqlState(error) ?? '')) throw error
      if (attempt === attempts) throw new RolesChangeError(attempt, messageOf(error))
    }
  }
}

/**
 * Does what needs the roles of one side on the other, and again where it fails and roles have come meanwhile, with those carried over as well.
 * `work` leaves nothing behind when it fails.
 */
export async function withRolesOf<T>(
  { from, to }: { readonly from: DatabasePort; readonly to: DatabasePort },
  work: () => Promise<T>,
  say: (line: string) => void,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work()
    } catch (error) {
      const made = attempt === attempts ? [] : await carryNewRoles(from, to).catch(() => [])
      if (made.length === 0) throw error
      say(`roles made since, and carried over: ${made.join(', ')}; once more`)
    }
  }
}

async function carryNewRoles(from: DatabasePort, to: DatabasePort): Promise<readonly string[]> {
  return withClient(from, 'replicate', async (source) =>
    withClient(to, 'replicate', async (target) => (await copyRoles(source, target, from)).made, 'postgres'),
  )
}

interface NeededRoles {
  readonly wanted: readonly Role[]
  readonly there: ReadonlyMap<string, Role>
  readonly foreign: readonly string[]
}

async function neededRoles(
  from: pg.Client,
  to: pg.Client,
  port: DatabasePort,
  which: 'tied' | 'all',
): Promise<NeededRoles> {
  const { tied, loose } = await rolesOfDatabase(from, port)
  const names = which === 'all' ? [...tied, ...loose] : tied
  const groups = [...(await readRoles(from, names)).values()].flatMap(({ memberOf }) =>
    memberOf.map(({ group }) => group),
  )
  const [here, there] = await Promise.all([readRoles(from, names), readRoles(to, [...names, ...groups])])
  const isOurs = (role: Role): boolean =>
    port.appRoles.includes(role.name) || role.marked || there.get(role.name)?.marked === true
  const isStrange = (role: Role): boolean => there.has(role.name) && !isOurs(role)
  const all = [...here.values()].toSorted((one, other) => (one.name < other.name ? -1 : 1))
  const isAlike = (role: Role): boolean => {
    const known = there.get(role.name)?.password
    return known !== undefined && known === role.password
  }
  const foreign = all.filter((role) => isStrange(role) && !isAlike(role))
  return {
    wanted: all.filter((role) => !isStrange(role)),
    there,
    foreign: foreign.map(({ name }) => name).filter((name) => tied.includes(name)),
  }
}

async function bringUpToDate(
  to: pg.Client,
  { wanted, there, foreign }: NeededRoles,
  copy: RoleCopy,
): Promise<CopiedRoles> {
  const asServed = wanted.map((role) => ({
    ...role,
    login: role.login || copy.fenced?.from.login.includes(role.name) === true,
  }))
  const made = asServed.filter(({ name }) => !there.has(name))
  for (const role of made) await makeRole(to, role)
  const changed: string[] = []
  const groups = new Set([...there.keys(), ...made.map(({ name }) => name)])
  const { isWaived = () => false } = copy
  for (const role of asServed) {
    const known = there.get(role.name)
    const words = [
      ...(known === undefined ? [] : await changeRole(to, role, known, copy)),
      ...(isWaived(`memberships of role ${role.identity}`) ? [] : await joinGroups(to, role, known, groups)),
      ...(isWaived(`settings of role ${role.identity}`) ? [] : await applySettings(to, role, known)),
    ]
    if (known !== undefined && words.length > 0) changed.push(`${role.name} (${words.join(', ')})`)
  }
  return { made: made.map(({ name }) => name), changed, foreign }
}

async function makeRole(to: pg.Client, role: Role): Promise<void> {
  const name = to.escapeIdentifier(role.name)
  const password = typeof role.password !== 'string' ? [] : [`password ${to.escapeLiteral(role.password)}`]
  await outOfSight(to, `create role ${name} ${[...attributes(role, { login: true }), ...password].join(' ')}`)
  await to.query(`comment on role ${name} is ${to.escapeLiteral(mark)}`)
}

/** @returns what was changed, in words */
async function changeRole(
  to: pg.Client,
  role: Role,
  known: Role,
  { fenced, isWaived = () => false }: RoleCopy,
): Promise<readonly string[]> {
  const name = to.escapeIdentifier(role.name)
  const words: string[] = []
  const login = fenced !== undefined && !fenced.to.login.includes(role.name)
  const changes = attributes(role, { login, unless: known })
  if (changes.length > 0 && !isWaived(`role ${role.identity}`)) {
    await to.query(`alter role ${name} ${changes.join(' ')}`)
    words.push(...changes)
  }
  if (
    role.password !== undefined &&
    role.password !== known.password &&
    !isWaived(`password of role ${role.identity}`)
  ) {
    const password = role.password === null ? 'null' : to.escapeLiteral(role.password)
    await outOfSight(to, `alter role ${name} password ${password}`)
    // Where it cannot be read it is set each time, and nobody knows whether that changed it.
    if (known.password !== undefined) words.push('password')
  }
  return words
}

async function joinGroups(
  to: pg.Client,
  role: Role,
  known: Role | undefined,
  there: ReadonlySet<string>,
): Promise<readonly string[]> {
  const words: string[] = []
  const knowsOptions = known?.memberOf.some(({ set }) => set !== null) ?? false
  for (const { group, admin, inherit, set } of role.memberOf) {
    const had = known?.memberOf.find((one) => one.group === group)
    if (!there.has(group) || (had !== undefined && (had.admin || !admin))) continue
    const options = [
      ...(admin ? ['admin option'] : []),
      ...(knowsOptions && inherit !== null && inherit !== role.inherit ? [`inherit ${String(inherit)}`] : []),
      ...(knowsOptions && set === false ? ['set false'] : []),
    ]
    const how = options.length === 0 ? '' : ` with ${options.join(', ')}`
    await to.query(`grant ${to.escapeIdentifier(group)} to ${to.escapeIdentifier(role.name)}${how}`)
    words.push(`member of ${group}`)
  }
  return words
}

async function applySettings(to: pg.Client, role: Role, known: Role | undefined): Promise<readonly string[]> {
  const words: string[] = []
  for (const setting of role.settings) {
    if (known?.settings.includes(setting) === true) continue
    const { name, value } = splitSetting(setting)
    await to.query(settingStatement({ role: role.name }, name, value))
    words.push(`setting ${name}`)
  }
  return words
}

/** Database privileges and settings, which a dump of one database leaves out. */
export async function copyDatabaseAttributes(
  from: pg.Client,
  to: pg.Client,
  names: { from: string; to: string },
): Promise<void> {
  const database = to.escapeIdentifier(names.to)
  const { rows: grants } = await from.query<{
    grantee: string | null
    privilege: string
    grantable: boolean
  }>(
    `select r.rolname as grantee, a.privilege_type as privilege, bool_or(a.is_grantable) as grantable
       from pg_database d, aclexplode(d.datacl) a left join pg_roles r on r.oid = a.grantee
      where d.datname = $1 and not coalesce(r.rolsuper, false) and not ${isAdministrator('r')} and not ${isApplyRole('r.rolname')} group by 1, 2`,
    [names.from],
  )
  if (grants.length > 0) await to.query(`revoke all on database ${database} from public`)
  for (const { grantee, privilege, grantable } of grants) {
    const who = grantee === null ? 'public' : to.escapeIdentifier(grantee)
    const how = grantable && grantee !== null ? ' with grant option' : ''
    await to.query(`grant ${privilege} on database ${database} to ${who}${how}`)
  }
  const { limit } = (
    await from.query<{ limit: number }>('select datconnlimit as limit from pg_database where datname = $1', [
      names.from,
    ])
  ).rows[0] ?? { limit: -1 }
  await to.query(`alter database ${database} connection limit ${limit}`)
  await copyDatabaseSettings(from, to, names)
}
