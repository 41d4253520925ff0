import type pg from 'pg'
import { settingStatement } from '../differences/setting-statement.ts'
import { oneRow, sqlState } from '../server/connections.ts'
import { applyRoleOf } from './apply-role-name.ts'
import { sessionSettings } from './own-sessions.ts'

const note = 'Qianyun: applies replicated changes in place of a superuser'

/**
 * Makes sure, on a server before 16, of the role that applies changes to this database: with the rights of the owners of its tables, and
 * those to write what superusers own. Triggers, checks and expressions of the application then run with no more than that. Idempotent,
 * and nothing on newer servers.
 */
export async function ensureApplyRole(client: pg.Client): Promise<void> {
  const { database, needsRole, exists } = await placeOf(client)
  if (!needsRole) return
  if (!exists) await makeRole(client, client.escapeIdentifier(applyRoleOf(database)), database)
  await giveApplyRights(client)
}

/** Gives the role of this database, if there is one, the rights on tables that are new or have another owner. */
export async function giveApplyRights(client: pg.Client): Promise<void> {
  const { database, needsRole, exists } = await placeOf(client)
  if (!needsRole || !exists) return
  await keepToItself(client, database)
  const { rows } = await client.query<{ statement: string }>(missingRights, [applyRoleOf(database)])
  for (const { statement } of rows) await client.query(statement)
}

/**
 * Takes from the role what would let anybody else act by it. On such a server whoever may make roles may have made it before, and may give it a password
 * or members at any time.
 */
async function keepToItself(client: pg.Client, database: string): Promise<void> {
  const name = applyRoleOf(database)
  const { rows } = await client.query<{ member: string | null; strays: boolean }>(
    `select a.rolpassword is not null or a.rolconnlimit <> 0 or a.rolcreaterole or a.rolcreatedb or a.rolreplication as strays,
            m.member::regrole::text as member
       from pg_authid a left join pg_auth_members m on m.roleid = a.oid where a.rolname = $1`,
    [name],
  )
  const role = client.escapeIdentifier(name)
  if (rows[0]?.strays === true)
    await client.query(
      `alter role ${role} login password null connection limit 0 nocreaterole nocreatedb noreplication; ${await settingsOf(client, database)}`,
    )
  for (const { member } of rows) if (member !== null) await client.query(`revoke ${role} from ${member}`)
}

/** A background worker needs LOGIN before 17, and does not count for a limit of connections: nobody else logs in by the role. */
async function makeRole(client: pg.Client, role: string, database: string): Promise<void> {
  const settings = await settingsOf(client, database)
  try {
    await client.query(
      `begin; create role ${role} login connection limit 0; comment on role ${role} is ${client.escapeLiteral(note)}; ${settings}; commit`,
    )
  } catch (error) {
    await client.query('rollback')
    // 42710 and 23505: somebody else made it in the meantime.
    if (!['42710', '23505'].includes(sqlState(error) ?? '')) throw error
  }
}

/** The statements that give the role the settings of our sessions. */
async function settingsOf(client: pg.Client, database: string): Promise<string> {
  const { rows } = await client.query<{ name: string }>('select name from pg_settings')
  const known = new Set(rows.map(({ name }) => name))
  const settings = Object.entries(sessionSettings).filter(([name]) => name === 'role' || known.has(name))
  return settings
    .map(([name, value]) => settingStatement({ database, role: applyRoleOf(database) }, name, value))
    .join('; ')
}

/** The statements that give the role ($1) what it lacks. */
const missingRights = `
  with role as (select oid, rolname, rolbypassrls from pg_roles where rolname = $1),
   tables as (
     select c.oid, c.relnamespace, c.relrowsecurity, c.relforcerowsecurity, o.rolname as owner, o.oid as owner_oid, o.rolsuper,
            format('%I.%I', n.nspname, c.relname) as name, n.nspname
       from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles o on o.oid = c.relowner
      where c.relkind in ('r', 'p') and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema')
  select format('grant connect on database %I to %I', current_database(), role.rolname) as statement from role
   where not exists (select from pg_database d, aclexplode(d.datacl) a
                      where d.datname = current_database() and a.grantee = role.oid and a.privilege_type = 'CONNECT')
  union all
  select distinct format('grant %I to %I', t.owner, role.rolname) from tables t, role
   where not t.rolsuper and not pg_has_role(role.oid, t.owner_oid, 'member')
  union all
  select distinct format('grant usage on schema %I to %I', t.nspname, role.rolname) from tables t, role
   where t.rolsuper and not has_schema_privilege(role.oid, t.relnamespace, 'usage')
  union all
  select format('grant select, insert, update, delete, truncate on table %s to %I', t.name, role.rolname) from tables t, role
   where t.rolsuper and not (has_table_privilege(role.oid, t.oid, 'select') and has_table_privilege(role.oid, t.oid, 'insert')
     and has_table_privilege(role.oid, t.oid, 'update') and has_table_privilege(role.oid, t.oid, 'delete')
     and has_table_privilege(role.oid, t.oid, 'truncate'))
  union all
  select format('alter role %I bypassrls', role.rolname) from role
   where not role.rolbypassrls and exists (select from tables t where t.relrowsecurity and (t.rolsuper or t.relforcerowsecurity))`

/**
 * Gives a subscription of a server before 16 to that role. The server takes a superuser alone for its new owner, and asks for no
 * more once it has one: the role is one inside a transaction that nobody else sees.
 */
export async function giveToApplyRole(client: pg.Client, subscription: string): Promise<void> {
  const { database, needsRole } = await placeOf(client)
  if (!needsRole) return
  await ensureApplyRole(client)
  const { rowCount } = await client.query(
    `select from pg_subscription where subname = $1 and subowner <> (select oid from pg_roles where rolname = $2)
        and subdbid = (select oid from pg_database where datname = current_database())`,
    [subscription, applyRoleOf(database)],
  )
  if (rowCount === 0) return
  const role = client.escapeIdentifier(applyRoleOf(database))
  try {
    await client.query(
      `begin; alter role ${role} superuser; alter subscription ${client.escapeIdentifier(subscription)} owner to ${role};
       alter role ${role} nosuperuser; commit`,
    )
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

/** Takes the role of this database away, with all its rights in it. Idempotent. */
export async function dropApplyRole(client: pg.Client): Promise<void> {
  const { database, exists } = await placeOf(client)
  if (!exists) return
  const role = client.escapeIdentifier(applyRoleOf(database))
  await client.query(`drop owned by ${role}`)
  await dropUnused(client, role)
}

/** The same for a database that is gone. */
export async function dropApplyRoleOf(client: pg.Client, database: string): Promise<void> {
  await dropUnused(client, client.escapeIdentifier(applyRoleOf(database)))
}

/** A subscription of another move of the same database keeps it. */
async function dropUnused(client: pg.Client, role: string): Promise<void> {
  await client.query(`drop role if exists ${role}`).catch((error: unknown) => {
    if (sqlState(error) !== '2BP01') throw error
  })
}

interface Place {
  readonly database: string
  /** From 16 on a subscription applies changes as the owner of each table. */
  readonly needsRole: boolean
  readonly exists: boolean
}

async function placeOf(client: pg.Client): Promise<Place> {
  return oneRow<Record<string, never> & Place>(
    client,
    `select current_database()::text as database, current_setting('server_version_num')::int < 160000 as "needsRole",
            exists (select from pg_roles where rolname = 'qianyun_apply_' || left(md5(current_database()), 16)) as exists`,
  )
}

/** Whether subscriptions of this server are given to a role of ours. */
export async function needsApplyRole(client: pg.Client): Promise<boolean> {
  return (await placeOf(client)).needsRole
}
