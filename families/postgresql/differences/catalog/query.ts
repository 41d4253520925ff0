import { isApplyRole } from '../../replication/apply-role-name.ts'

/** Administrators have names of their own on each server. */
export const superuserOwns = 'a superuser'

/**
 * One thing of a database as its catalog tells it, printed alike by every version of the server as far as that goes. Two
 * sides are alike when they give the same rows.
 */
export interface CatalogRow {
  /** The word SQL has for it, or a part of it: `function`, `privileges of table`, `default`. */
  readonly kind: string
  /** Its name as SQL quotes it. */
  readonly identity: string
  readonly text: string
  /** `kind identity` of what it is a part of: a table that is missing says all there is to say of its columns. */
  readonly within?: string | null
  /** The statement that makes it, or what such a statement is put together from; absent where the catalog gives none. */
  readonly make?: string | null
}

/** What a query of the catalog is written for. */
export interface Asked {
  /** The major version of the server that is asked, and of the one it is held against. */
  readonly major: number
  readonly otherMajor: number
  /** Whether the administrator of either is no superuser: what superusers own and may on one is the administrator's on the other then. */
  readonly isManaged: boolean
}

/** A part of the catalog: a query with the columns kind, identity, text, within and make. */
export type CatalogQuery = (asked: Asked) => string

/** Schemas of the application; ours is made on both sides, and temporary ones are nobody's but a session's. */
export const ofApplication = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'qianyun')`

/** What an extension brings comes and goes with it. */
export const notOfExtension = (catalog: string, oid: string): string =>
  `not exists (select from pg_depend dep where dep.classid = 'pg_catalog.${catalog}'::regclass and dep.objid = ${oid} and dep.deptype = 'e')`

/** A column that not every version of a catalog has, as text; null where it is absent. */
export const maybe = (row: string, column: string): string => `to_jsonb(${row}) ->> '${column}'`

/** The name of a collation; null for none. The type regcollation came with PostgreSQL 13. */
export const collationName = (oid: string): string =>
  `(select case when cn.nspname = 'pg_catalog' then quote_ident(co.collname) else format('%I.%I', cn.nspname, co.collname) end
      from pg_collation co join pg_namespace cn on cn.oid = co.collnamespace where co.oid = ${oid})`

/** The same, where it is another than that of the type. */
export const ownCollation = (oid: string, type: string): string =>
  `(select ${collationName(oid)} from pg_type ct where ct.oid = ${type} and ct.typcollation <> ${oid})`

const isOfServer = (role: string): string =>
  `coalesce(${role}.rolsuper or ${role}.rolname = current_user, false)`

/** The name of an owner, as SQL quotes it. */
export const ownerName = (oid: string, { isManaged }: Pick<Asked, 'isManaged'>): string =>
  isManaged
    ? `(select case when ${isOfServer('owns')} then '${superuserOwns}' else quote_ident(owns.rolname) end from pg_roles owns where owns.oid = ${oid})`
    : `quote_ident(pg_get_userbyid(${oid}))`

/** Options as `name=value`, in the order of their names; without those that a server sets for itself, as `pg_attver` since 17.12. */
export const options = (expression: string): string =>
  `(select string_agg(o, ', ' order by o) from unnest(${expression}) o where not starts_with(o, 'pg_'))`

/** Who may do what, as text: the owner's own rights among them, since a revoke can take them. */
export function rights(acl: string, type: string, owner: string, asked: Asked): string {
  return `(select coalesce(string_agg(who || '=' || what, ', ' order by who), 'nobody') from (${grants(acl, type, owner, asked)}) g)`
}

/** The same as JSON, from which statements are written: `[{"who": "clerk", "what": "SELECT", "grantable": false}]`. */
export function rightsJson(acl: string, type: string, owner: string, asked: Asked): string {
  return `(select coalesce(jsonb_agg(jsonb_build_object('who', ${grantee}, 'what', x.privilege_type, 'grantable', x.is_grantable)), '[]')::text
    from aclexplode(coalesce(${acl}, acldefault('${type}', ${owner}))) x left join pg_roles r on r.oid = x.grantee
   where ${known(asked)}${beside(asked)})`
}

const grantee = `case when x.grantee = 0 then 'PUBLIC' else coalesce(quote_ident(r.rolname), x.grantee::text) end`

/* The owner is told by a row of its own. */
const grants = (acl: string, type: string, owner: string, asked: Asked) =>
  `select case when x.grantee = ${owner} then 'owner' else ${grantee} end as who,
          string_agg(x.privilege_type || case when x.is_grantable then '*' else '' end, '+' order by x.privilege_type) as what
     from (select distinct grantee, privilege_type, is_grantable
             from aclexplode(coalesce(${acl}, acldefault('${type}', ${owner})))) x
     left join pg_roles r on r.oid = x.grantee
    where ${known(asked)}${beside(asked, owner)} group by 1`

/** MAINTAIN came with PostgreSQL 17: what only one of both knows of is left out, and our own role. */
const known = ({ major, otherMajor }: Asked) =>
  `not ${isApplyRole('r.rolname')}${Math.min(major, otherMajor) >= 17 ? '' : ` and x.privilege_type <> 'MAINTAIN'`}`

/** Rights of superusers, and of the administrator in their place, are no difference; those of an owner are. */
export const beside = ({ isManaged }: Pick<Asked, 'isManaged'>, owner?: string): string =>
  isManaged
    ? ` and (${owner === undefined ? 'false' : `x.grantee = ${owner}`} or not ${isOfServer('r')})`
    : ''

/** Rows of owner and rights for the objects a query gives with `kind`, `identity`, `owner` and `acl`. */
export function ownerAndRights(objects: string, type: string, asked: Asked): string {
  return `select 'owner of ' || kind, identity, ${ownerName('owner', asked)}, kind || ' ' || identity, null from (${objects}) o
    union all
    select 'privileges of ' || kind, identity, ${rights('acl', type, 'owner', asked)}, kind || ' ' || identity,
           ${rightsJson('acl', type, 'owner', asked)} from (${objects}) o`
}
