import { createHash, randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'
import { outOfSight } from './out-of-sight.ts'

/** A login that lives as long as rows are poured. */
export interface PouringRole {
  readonly name: string
  readonly password: string
}

/** Each database has its own, so that one which an interrupted run has left is found. */
function pouringRoleOf(database: string): string {
  return `qianyun_pour_${createHash('md5').update(database).digest('hex').slice(0, 16)}`
}

/** What it may: put rows into the tables of the database and set its sequences, with the rights of their owners where these are no superusers. */
const rights = (role: string): string => `
  with relations as (
    select c.oid, c.relkind, c.relnamespace, o.rolname as owner, o.rolsuper or o.rolname = current_user as is_ours, n.nspname, format('%I.%I', n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles o on o.oid = c.relowner
     where c.relkind in ('r', 'p', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema')
  select format('grant connect on database %I to ${role}', current_database()) as statement
  union all select distinct format('grant %I to ${role}', owner) from relations where not is_ours
  union all select distinct format('grant usage on schema %I to ${role}', nspname) from relations
  union all select format('grant %s %s to ${role}', case relkind when 'S' then 'update on sequence' else 'insert on table' end, name)
              from relations where is_ours`

/**
 * Makes a login for putting rows in, which is no superuser, and takes it away after the work: checks, columns and keys of partitions run with
 * no more than its rights. A session of a superuser could be talked out of any role that it takes on.
 */
export async function withPouringRole<T>(
  to: DatabasePort,
  work: (role: PouringRole) => Promise<T>,
): Promise<T> {
  const role = { name: pouringRoleOf(to.database), password: randomBytes(24).toString('base64url') }
  const drop = async (): Promise<void> =>
    withClient(to, 'copy', async (client) => dropPouringRole(client, to.database))
  await drop()
  try {
    await withClient(to, 'copy', async (client) => make(client, role))
    return await work(role)
  } finally {
    await drop()
  }
}

/** Takes the role of a database away, and what it may in the one that the client is connected to. Idempotent. */
export async function dropPouringRole(client: pg.Client, database: string): Promise<void> {
  const name = pouringRoleOf(database)
  await client.query(
    `do $do$ begin if exists (select from pg_roles where rolname = '${name}') then drop owned by ${name}; drop role ${name}; end if; end $do$`,
  )
}

async function make(client: pg.Client, { name, password }: PouringRole): Promise<void> {
  await client.query('set password_encryption = "scram-sha-256"')
  await outOfSight(client, `create role ${name} login connection limit 1 password '${password}'`)
  const { rows } = await client.query<{ statement: string }>(rights(name))
  for (const { statement } of rows) await client.query(statement)
}
