import type pg from 'pg'
import { powersOf } from '../server/powers.ts'
import { SchemaChangeRefusedError } from './errors.ts'
import { said } from '../../../domain/words/said.ts'
import { type NamedSide, sideName } from '../side-name.ts'

/**
 * The role schema changes are made as: the one that owns the application's tables. Where several do it has to be named.
 * @throws SchemaChangeRefusedError
 */
export async function ownerOf(client: pg.Client, side: NamedSide, named?: string): Promise<string> {
  const { rows } = await client.query<{ role: string }>(
    `with own as (
       select distinct pg_get_userbyid(c.relowner)::text as role
         from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'qianyun')
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e'))
     select role from own
     union all select pg_get_userbyid(datdba)::text from pg_database
                where datname = current_database() and not exists (select from own)
     order by 1`,
  )
  const owners = rows.map(({ role }) => role)
  const [owner] = owners
  if (named !== undefined && owners.includes(named)) return named
  if (named === undefined && owners.length === 1 && owner !== undefined) return owner
  throw new SchemaChangeRefusedError([said('ddl-owner-unclear', { database: sideName(side), owners, named })])
}

/** Where a role's unqualified names are looked up in this database, when nothing is set in the session. */
async function searchPathOf(client: pg.Client, role: string): Promise<string> {
  const { rows } = await client.query<{ path: string }>(
    `select split_part(setting, '=', 2) as path
       from pg_db_role_setting s, unnest(s.setconfig) setting
      where setting like 'search_path=%'
        and s.setdatabase in (0, (select oid from pg_database where datname = current_database()))
        and s.setrole in (0, (select oid from pg_roles where rolname = $1))
      order by (s.setdatabase <> 0)::int + 2 * (s.setrole <> 0)::int desc limit 1`,
    [role],
  )
  return rows[0]?.path ?? '"$user", public'
}

/** The schemas of that path that are there, as SQL lists them. */
export async function schemasOf(client: pg.Client, role: string): Promise<string> {
  const path = await searchPathOf(client, role)
  const { rows } = await client.query<{ schemas: string | null }>(
    `select string_agg(format('%I', nspname), ', ' order by position) as schemas
       from unnest(string_to_array($1, ',')) with ordinality p (given, position)
       join pg_namespace on nspname = case trim(both '" ' from given) when '$user' then $2 else trim(both '" ' from given) end`,
    [path, role],
  )
  return rows[0]?.schemas ?? 'public'
}

const helper = 'qianyun.change_schema'

/**
 * Makes, in the open transaction, what runs statements with the rights of a role and no more. A session of a superuser that
 * merely takes a role on could be talked out of it by a function of the application's; a function that runs with its
 * definer's rights cannot. Triggers that wait for the commit fire here, which servers before 18 would else run with the rights of whoever
 * commits. It goes with `drop`, or with the transaction.
 */
export async function actAsOwner(
  client: pg.Client,
  role: string,
): Promise<{ readonly run: (sql: string) => Promise<void>; readonly drop: () => Promise<void> }> {
  const schemas = await schemasOf(client, role)
  const { isSuperuser } = await powersOf(client)
  const name = client.escapeIdentifier(role)
  // Who is no superuser gives a function only to whom may have made it there.
  if (!isSuperuser) await client.query(`grant create on schema qianyun to ${name}`)
  await client.query(
    `create function ${helper}(statements text) returns void language plpgsql security definer
       set search_path = ${schemas} set standard_conforming_strings = on
       as $fn$ begin execute statements; set constraints all immediate; end $fn$;
     revoke all on function ${helper}(text) from public;
     alter function ${helper}(text) owner to ${name}`,
  )
  return {
    run: async (sql) => {
      await client.query(`select ${helper}($1)`, [sql])
    },
    drop: async () => {
      await client.query(`drop function ${helper}(text)`)
      if (!isSuperuser) await client.query(`revoke create on schema qianyun from ${name}`)
    },
  }
}
