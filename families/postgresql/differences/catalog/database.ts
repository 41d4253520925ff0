import type pg from 'pg'
import type { Fenced } from '../fenced.ts'
import { isApplyRole } from '../../replication/apply-role-name.ts'
import { serverMajor } from '../../replication/subscriptions.ts'
import { type Asked, type CatalogRow, beside, maybe, ownerName } from './query.ts'

/** The version of the system's library that sorts by a locale; C and POSIX have none. */
const actualVersion = (collate: string): string =>
  `(select pg_collation_actual_version(c.oid) from pg_collation c
     where c.collprovider = 'c' and c.collcollate = ${collate} and c.collcollate not in ('C', 'POSIX') limit 1)`

const rows = (major: number, asked: Pick<Asked, 'isManaged'>): string => `
with d as (select * from pg_database where datname = $1),
 given as (
   select case when x.grantee = 0 then 'PUBLIC' else coalesce(quote_ident(r.rolname), x.grantee::text) end as who, x.privilege_type as what, bool_or(x.is_grantable) as grantable
     from d, aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) x left join pg_roles r on r.oid = x.grantee
    where not ${isApplyRole('r.rolname')}${beside(asked)} group by 1, 2),
 taken as (
   select case when t.role is null then 'PUBLIC' else quote_ident(t.role) end as who, 'CONNECT'::text as what, t.grantable
     from jsonb_to_recordset($2::jsonb) as t (role text, grantable boolean)),
 rights as (select who, what, bool_or(grantable) as grantable from (select * from given union all select * from taken) b group by 1, 2)
select 'database' as kind, p.name as identity, p.value as text, null as within, p.make
  from d, lateral (values
    ('encoding', pg_encoding_to_char(d.encoding), null),
    ('collation', concat_ws(', ', case coalesce(${maybe('d', 'datlocprovider')}, 'c') when 'c' then 'libc' when 'i' then 'icu' when 'b' then 'builtin' end, d.datcollate, d.datctype,
                  coalesce(${maybe('d', 'datlocale')}, ${maybe('d', 'daticulocale')}), ${maybe('d', 'daticurules')}), null),
    ('collation version', coalesce(${maybe('d', 'datcollversion')}, case when coalesce(${maybe('d', 'datlocprovider')}, 'c') = 'c' then ${actualVersion('d.datcollate')} end, 'none'), ${major >= 15 ? 'pg_database_collation_actual_version(d.oid)' : 'null'}),
    ('owner', ${ownerName('d.datdba', asked)}, null),
    ('connection limit', d.datconnlimit::text, null),
    ('template', case when d.datistemplate then 'a template' else 'no template' end, null)) as p (name, value, make)
union all
select 'privileges of database', 'this database', coalesce(string_agg(who || '=' || what, ', ' order by who), 'nobody'), null,
       (select coalesce(jsonb_agg(jsonb_build_object('who', who, 'what', what, 'grantable', grantable)), '[]')::text from rights)
  from (select who, string_agg(what || case when grantable then '*' else '' end, '+' order by what) as what from rights group by 1) g`

/** Rows of the database itself: encoding, collation and its version, owner, limit, rights; what a fence took counts as there. */
export async function databaseRows(
  client: pg.Client,
  database: string,
  { connect }: Fenced,
  asked: Pick<Asked, 'isManaged'>,
): Promise<readonly CatalogRow[]> {
  return (
    await client.query<CatalogRow>(rows(await serverMajor(client), asked), [
      database,
      JSON.stringify(connect),
    ])
  ).rows
}
