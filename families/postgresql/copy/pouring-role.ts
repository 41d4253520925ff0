import { randomBytes } from 'node:crypto'
import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'
import { outOfSight } from './out-of-sight.ts'

/** A login that lives as long as rows are poured. */
export interface PouringRole {
  readonly name: string
  readonly password: string
}

/** What it may: put rows into the tables of the database and set its sequences, with the rights of their owners where these are no superusers. */
const rights = (role: string): string => `
  with relations as (
    select c.oid, c.relkind, c.relnamespace, o.rolname as owner, o.rolsuper, n.nspname, format('%I.%I', n.nspname, c.relname) as name
      from pg_class c join pg_namespace n on n.oid = c.relnamespace join pg_roles o on o.oid = c.relowner
     where c.relkind in ('r', 'p', 'S') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema')
  select format('grant connect on database %I to ${role}', current_database()) as statement
  union all select distinct format('grant %I to ${role}', owner) from relations where not rolsuper
  union all select distinct format('grant usage on schema %I to ${role}', nspname) from relations
  union all select format('grant %s on %s to ${role}', case relkind when 'S' then 'update on sequence' else 'insert on table' end, name)
              from relations where rolsuper`

/**
 * Makes a login for putting rows in, which is no superuser, and takes it away after the work: checks, columns and keys of partitions run with
 * no more than its rights. A session of a superuser could be talked out of any role that it takes on.
 */
export async function withPouringRole<T>(
  to: DatabasePort,
  work: (role: PouringRole) => Promise<T>,
): Promise<T> {
  const role = {
    name: `qianyun_pour_${randomBytes(6).toString('hex')}`,
    password: randomBytes(24).toString('base64url'),
  }
  await withClient(to, 'copy', async (client) => make(client, role))
  try {
    return await work(role)
  } finally {
    await withClient(to, 'copy', async (client) => {
      await client.query(`drop owned by ${role.name}; drop role ${role.name}`)
    })
  }
}

async function make(client: pg.Client, { name, password }: PouringRole): Promise<void> {
  await client.query('set password_encryption = "scram-sha-256"')
  await outOfSight(client, `create role ${name} login connection limit 1 password '${password}'`)
  const { rows } = await client.query<{ statement: string }>(rights(name))
  for (const { statement } of rows) await client.query(statement)
}
