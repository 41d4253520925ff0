import type pg from 'pg'
import type { DatabasePort } from '../../database.ts'
import { isApplyRole } from '../../replication/apply-role-name.ts'
import { mark } from '../../copy/role.ts'
import { isAdministrator } from '../../server/administrator.ts'
import type { Fenced } from '../fenced.ts'
import type { CatalogRow } from './query.ts'

/**
 * Roles that matter to a database. `tied`: the application's own, owners and grantees of what is in it, members of these,
 * and the groups all of them are in. `loose`: those that can log in to it, and have nothing in any other database of the
 * server; whether they use it nobody can tell.
 */
export interface RolesOfDatabase {
  readonly tied: readonly string[]
  readonly loose: readonly string[]
}

const rolesQuery = `
with recursive here as (select oid from pg_database where datname = $1),
 holders as (
   select oid from pg_roles where rolname = any ($2)
   union
   select d.refobjid from pg_shdepend d join pg_roles r on r.oid = d.refobjid, here
    where d.refclassid = 'pg_authid'::regclass and not ${isAdministrator('r')}
      and (d.dbid = here.oid or (d.classid = 'pg_database'::regclass and d.objid = here.oid))),
 members as (
   select oid from holders
   union
   select m.member from pg_auth_members m join members h on h.oid = m.roleid join pg_roles g on g.oid = m.roleid
          join pg_roles r on r.oid = m.member
    where not g.rolsuper and g.rolname !~ '^pg_' and not ${isAdministrator('r')}),
 needed as (
   select oid from members
   union
   select m.roleid from pg_auth_members m join needed n on n.oid = m.member)
select r.rolname::text as name, n.oid is not null as tied, coalesce(shobj_description(r.oid, 'pg_authid') = '${mark}', false) as ours
  from pg_roles r left join needed n on n.oid = r.oid
 where not r.rolsuper and not ${isAdministrator('r')} and r.rolname !~ '^pg_' and not ${isApplyRole('r.rolname')} and (n.oid is not null
    or (r.rolcanlogin and not r.rolreplication and has_database_privilege(r.oid, $1, 'CONNECT')
        and not exists (select from pg_shdepend d, here where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid
                         and (d.dbid not in (0, here.oid) or (d.classid = 'pg_database'::regclass and d.objid <> here.oid)))))
 order by 1`

export async function rolesOfDatabase(
  client: pg.Client,
  {
    database,
    appRoles,
    isBeside,
    managed,
  }: Pick<DatabasePort, 'database' | 'appRoles' | 'isBeside' | 'managed'>,
): Promise<RolesOfDatabase> {
  const { rows } = await client.query<{ name: string; tied: boolean; ours: boolean }>(rolesQuery, [
    database,
    [...appRoles],
  ])
  const names = (tied: boolean, which = rows) =>
    which.filter((row) => row.tied === tied).map(({ name }) => name)
  // A service has logins of its own, which nobody there tells from others.
  const carried = managed === undefined ? rows : rows.filter(({ ours }) => ours)
  return { tied: names(true), loose: isBeside === true ? [] : names(false, carried) }
}

/** What of roles both sides are asked for. */
interface AskedOfRoles {
  readonly major: number
  /** Whether both administrators may read stored passwords. */
  readonly withPasswords: boolean
}

const rows = ({ major, withPasswords }: AskedOfRoles): string => `
with asked as (
  select r.*, r.rolcanlogin or r.rolname = any ($3::text[]) as may_log_in from ${withPasswords ? 'pg_authid' : 'pg_roles'} r where r.rolname = any ($2::text[]))
select 'role' as kind, quote_ident(r.rolname) as identity, concat_ws(' ',
         case when r.may_log_in then 'login' else 'nologin' end, case when r.rolinherit then 'inherit' else 'noinherit' end,
         case when r.rolsuper then 'superuser' end, case when r.rolcreatedb then 'createdb' end, case when r.rolcreaterole then 'createrole' end, case when r.rolreplication then 'replication' end,
         case when r.rolbypassrls then 'bypassrls' end, 'connection limit ' || nullif(r.rolconnlimit, -1), 'valid until ' || r.rolvaliduntil) as text,
       null as within, null as make
  from asked r${withPasswords ? storedPasswords : ''}
union all
select 'memberships of role', quote_ident(r.rolname), coalesce((
         select string_agg(concat_ws(' ', quote_ident(g.rolname), case when m.admin_option then 'with admin option' end,
                  case when (to_jsonb(m) ->> 'set_option') = 'false' then 'without set' end,
                  case when (to_jsonb(m) ->> 'inherit_option')::boolean <> r.rolinherit then 'inherit ' || (to_jsonb(m) ->> 'inherit_option') end), ', ' order by g.rolname)
           from pg_auth_members m join pg_roles g on g.oid = m.roleid
          where m.member = r.oid and (g.rolsuper or g.rolname = any ($2) or g.rolname ~ '^pg_')), 'none'), 'role ' || quote_ident(r.rolname), null
  from asked r
union all
select 'settings of role', quote_ident(r.rolname), coalesce((
         select string_agg(case when s.setdatabase = 0 then o else 'in this database: ' || o end, ', ' order by s.setdatabase = 0, o)
           from pg_db_role_setting s, unnest(s.setconfig) o
          where s.setrole = r.oid and s.setdatabase in (0, (select oid from pg_database where datname = $1))), 'none'), 'role ' || quote_ident(r.rolname), null
  from asked r${major >= 15 ? parameters : ''}`

const storedPasswords = `
union all
select 'password of role', quote_ident(r.rolname), case when r.rolpassword is null then 'none' else
         format('%s, digest %s', case when r.rolpassword like 'SCRAM-SHA-256$%' then 'SCRAM-SHA-256' when r.rolpassword like 'md5%' then 'md5' else 'unknown kind' end,
                left(md5('qianyun' || r.rolpassword), 10)) end, 'role ' || quote_ident(r.rolname), null
  from asked r`

/** Rights on settings of the server, which came with PostgreSQL 15. */
const parameters = `
union all
select 'privileges of parameter', quote_ident(p.parname), string_agg(x.who || '=' || x.what, ', ' order by x.who, x.what), null,
       jsonb_agg(jsonb_build_object('who', x.who, 'what', x.what, 'grantable', x.grantable))::text
  from pg_parameter_acl p, lateral (
    select quote_ident(r.rolname) as who, a.privilege_type as what, a.is_grantable as grantable
      from aclexplode(p.paracl) a join asked r on r.oid = a.grantee where not r.rolsuper) x
 group by p.parname`

/** Rows of roles by name: attributes, a digest of the stored password, memberships among them and in superusers, settings, rights on settings. */
export async function roleRows(
  client: pg.Client,
  database: string,
  names: readonly string[],
  { login }: Fenced,
  asked: AskedOfRoles,
): Promise<readonly CatalogRow[]> {
  const found = await client.query<CatalogRow>(rows(asked), [database, [...names], [...login]])
  return found.rows
}
