import type pg from 'pg'
import { databaseRoleOf, processNames, type ProcessName } from '../domain/process-name.ts'
import { inTransaction, locks, type Queryable } from './pool.ts'
import { rights, rowsWritten } from './rights.ts'

/** A right that a role has and is not to have, or the other way round: `<role> <privilege> <table>`. */
export interface RightThatDiffers {
  readonly right: string
  readonly is: 'missing' | 'too-much'
}

/**
 * Gives the roles of the processes exactly the rights of `rights.ts` on the tables of the current schema. The caller owns the tables; the
 * roles exist. Changes nothing, and waits for nothing, when the rights are as they are to be.
 */
export async function applyRights(pool: pg.Pool): Promise<void> {
  await inTransaction(pool, async (client) => {
    await client.query('select pg_advisory_xact_lock($1)', [locks.schema])
    if ((await findRightsThatDiffer(client)).length === 0) return
    // Whoever waits for a table that is being read keeps everybody else from it.
    await client.query(`set local lock_timeout = '10s'`)
    const { rows } = await client.query<{ schema: string }>('select quote_ident(current_schema()) as schema')
    for (const statement of statements(rows[0]?.schema ?? 'public')) await client.query(statement)
  })
}

/** The tables of the current schema that nobody has listed, and those that are listed and not there. */
export async function findTablesNotListed(client: Queryable): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select relname::text as name from pg_class
      where relkind in ('r', 'p', 'v', 'm', 'f') and relnamespace = current_schema()::regnamespace`,
  )
  const there = new Set(rows.map(({ name }) => name))
  return [
    ...[...there].filter((name) => !(name in rights)),
    ...Object.keys(rights).filter((name) => !there.has(name)),
  ]
}

/** What the roles of the processes may do and are not to, or may not do and are to. */
export async function findRightsThatDiffer(client: Queryable): Promise<readonly RightThatDiffers[]> {
  const wanted = new Set(wantedRights())
  const found = new Set((await client.query<{ right: string }>(rightsFound)).rows.map(({ right }) => right))
  return [
    ...[...wanted].filter((right) => !found.has(right)).map((right) => ({ right, is: 'missing' as const })),
    ...[...found].filter((right) => !wanted.has(right)).map((right) => ({ right, is: 'too-much' as const })),
  ]
}

const roleNames = processNames.map(databaseRoleOf)

function statements(schema: string): string[] {
  const roles = roleNames.join(', ')
  return [
    `revoke all on all tables in schema ${schema} from public, ${roles}`,
    `revoke all on all sequences in schema ${schema} from public, ${roles}`,
    `revoke create on schema ${schema} from public, ${roles}`,
    `grant usage on schema ${schema} to ${roles}`,
    ...ofProcesses(rights).flatMap(({ table, process, of }) =>
      of.map((right) => `grant ${right} on ${table} to ${databaseRoleOf(process)}`),
    ),
    ...Object.keys(rowsWritten).flatMap((table) => [
      `alter table ${table} enable row level security`,
      `drop policy if exists ${policyOf(table, 'read')} on ${table}`,
      `create policy ${policyOf(table, 'read')} on ${table} for select to ${roles} using (true)`,
    ]),
    ...ofProcesses(rowsWritten).flatMap(({ table, process, of }) => [
      ...policy(table, process, 'insert', `with check (${of})`),
      ...policy(table, process, 'update', `using (${of}) with check (${of})`),
    ]),
  ]
}

function policy(table: string, process: ProcessName, does: 'insert' | 'update', rule: string): string[] {
  const name = policyOf(table, `${process}_${does}`)
  return [
    `drop policy if exists ${name} on ${table}`,
    `create policy ${name} on ${table} for ${does} to ${databaseRoleOf(process)} ${rule}`,
    // PostgreSQL keeps a rule in words of its own; this is what it is known by.
    `comment on policy ${name} on ${table} is '${rule.replaceAll(`'`, `''`)}'`,
  ]
}

const policyOf = (table: string, what: string): string => `${table}_${what}`

function ofProcesses<T>(list: Readonly<Record<string, Readonly<Partial<Record<ProcessName, T>>>>>) {
  return Object.entries(list).flatMap(([table, byProcess]) =>
    processNames.flatMap((process) => {
      const of = byProcess[process]
      return of === undefined ? [] : [{ table, process, of }]
    }),
  )
}

function wantedRights(): string[] {
  return [
    ...ofProcesses(rights).flatMap(({ table, process, of }) =>
      of.flatMap((right) => {
        const [, privilege = right, columns] = /^(\w+)(?: \((.*)\))?$/.exec(right) ?? []
        const on = columns === undefined ? [''] : columns.split(', ').map((column) => `(${column})`)
        return on.map((column) => `${databaseRoleOf(process)} ${privilege} ${table}${column}`)
      }),
    ),
    ...Object.keys(rowsWritten).map((table) => `rows ${table} ${policyOf(table, 'read')} `),
    ...ofProcesses(rowsWritten).flatMap(({ table, process, of }) => [
      `rows ${table} ${policyOf(table, `${process}_insert`)} with check (${of})`,
      `rows ${table} ${policyOf(table, `${process}_update`)} using (${of}) with check (${of})`,
    ]),
    ...roleNames.map((role) => `${role} usage schema`),
  ]
}

const isOurs = `grantee in (select oid from pg_roles where rolname in (${roleNames.map((role) => `'${role}'`).join(', ')})
                            union all select 0)`
const nameOf = `case grantee when 0 then 'public' else grantee::regrole::text end`
const here = 'current_schema()::regnamespace'

/** Rights on tables, columns and the schema; rules about rows; and what makes all of them void. */
const rightsFound = `
  select ${nameOf} || ' ' || lower(privilege_type) || ' ' || relname as right
    from pg_class, aclexplode(relacl) where relnamespace = ${here} and relkind <> 'S' and ${isOurs}
  union all
  select ${nameOf} || ' ' || lower(privilege_type) || ' ' || relname || '(' || attname || ')'
    from pg_class join pg_attribute on attrelid = pg_class.oid, aclexplode(attacl)
   where relnamespace = ${here} and not attisdropped and ${isOurs}
  union all
  select ${nameOf} || ' ' || lower(privilege_type) || ' schema'
    from pg_namespace, aclexplode(nspacl)
   where pg_namespace.oid = ${here} and ${isOurs} and not (grantee = 0 and privilege_type = 'USAGE')
  union all
  select 'rows ' || relname || ' ' || polname || ' ' || coalesce(obj_description(pg_policy.oid, 'pg_policy'), '')
    from pg_policy join pg_class on polrelid = pg_class.oid where relnamespace = ${here} and relrowsecurity
  union all
  select rolname || ' ' || what from pg_roles,
    lateral (values (rolsuper, 'superuser'), (rolcreaterole, 'createrole'), (rolcreatedb, 'createdb'),
                    (rolreplication, 'replication'), (rolbypassrls, 'bypassrls')) as may (holds, what)
   where rolname in (${roleNames.map((role) => `'${role}'`).join(', ')}) and holds
  union all
  select member::regrole::text || ' is ' || roleid::regrole::text from pg_auth_members
   where member::regrole::text in (${roleNames.map((role) => `'${role}'`).join(', ')})
  union all
  select relowner::regrole::text || ' owns ' || relname from pg_class
   where relnamespace = ${here} and relowner::regrole::text in (${roleNames.map((role) => `'${role}'`).join(', ')})`
