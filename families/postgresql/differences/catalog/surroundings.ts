import {
  type CatalogQuery,
  maybe,
  notOfExtension,
  ofApplication,
  ownerAndRights,
  ownerName,
  rights,
  rightsJson,
  superuserOwns,
} from './query.ts'

/** Schemas, the one every database begins with among them. */
export const schemas: CatalogQuery = (asked) => `
select 'schema', quote_ident(n.nspname), 'schema', null, format('create schema %I', n.nspname)
  from pg_namespace n where ${ofApplication} and ${notOfExtension('pg_namespace', 'n.oid')}
union all ${ownerAndRights(
  `select 'schema' as kind, quote_ident(n.nspname) as identity, n.nspowner as owner, n.nspacl as acl
     from pg_namespace n where ${ofApplication} and ${notOfExtension('pg_namespace', 'n.oid')}`,
  'n',
  asked,
)}`

/** Extensions. One at the version its own server brings is as it is to be there: a newer server brings a newer one. */
export const extensions: CatalogQuery = ({ major, otherMajor, isManaged }) => `
select 'extension', quote_ident(e.extname), concat_ws(' ', ${
  major === otherMajor
    ? `e.extversion`
    : `case when e.extversion = a.default_version then 'the version its server brings' else format('version %s, where its server brings %s', e.extversion, a.default_version) end`
}, 'in schema ' || quote_ident(n.nspname)), null, format('create extension %I schema %I', e.extname, n.nspname)
  from pg_extension e join pg_namespace n on n.oid = e.extnamespace left join pg_available_extensions a on a.name = e.extname${
    isManaged ? '' : extensionOwners
  }`

/** Only a superuser can give one to somebody else. */
const extensionOwners = `
union all
select 'owner of extension', quote_ident(e.extname), case when r.rolsuper then '${superuserOwns}' else quote_ident(r.rolname) end,
       'extension ' || quote_ident(e.extname), null
  from pg_extension e join pg_roles r on r.oid = e.extowner`

const versionOf = `format('%I %s in %I', e.extname, e.extversion, en.nspname)`

/**
 * Functions that an extension brought, with what a person may have changed of them: no dump contains it. Those of another version are no
 * difference, nor those in another schema, so they stand within theirs.
 */
export const functionsInExtensions: CatalogQuery = () => `
select 'version of extension', ${versionOf}, 'there', null, null from pg_extension e join pg_namespace en on en.oid = e.extnamespace
union all
select 'function of extension', format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)),
       concat_ws(' ', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end, case when p.proisstrict then 'strict' end,
         case when p.prosecdef then 'security definer' end, 'parallel ' || p.proparallel::text, 'cost ' || p.procost, 'rows ' || p.prorows,
         'set ' || p.proconfig::text, 'body ' || left(md5(p.prosrc), 8)),
       'version of extension ' || ${versionOf}, pg_get_functiondef(p.oid)
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_depend d on d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e'
  join pg_extension e on d.refclassid = 'pg_extension'::regclass and e.oid = d.refobjid join pg_namespace en on en.oid = e.extnamespace
 where p.prokind in ('f', 'p')`

/** What an extension brought and somebody then gave to others, or took from them. */
export const rightsInExtensions: CatalogQuery = (asked) => `
select 'privileges of ' || case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end,
       format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)), ${rights('p.proacl', 'f', 'p.proowner', asked)},
       null, ${rightsJson('p.proacl', 'f', 'p.proowner', asked)}
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
 where p.proacl is not null and (n.nspname = 'pg_catalog' or not ${notOfExtension('pg_proc', 'p.oid')})
   and not exists (select from pg_init_privs i where i.classoid = 'pg_proc'::regclass and i.objoid = p.oid and i.initprivs::text = p.proacl::text)
union all
select 'privileges of table', format('%I.%I', n.nspname, c.relname), ${rights('c.relacl', 'r', 'c.relowner', asked)},
       null, ${rightsJson('c.relacl', 'r', 'c.relowner', asked)}
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
 where c.relacl is not null and c.relkind in ('r', 'v', 'm', 'p', 'f') and n.nspname <> 'information_schema'
   and (n.nspname = 'pg_catalog' or not ${notOfExtension('pg_class', 'c.oid')})
   and not exists (select from pg_init_privs i where i.classoid = 'pg_class'::regclass and i.objoid = c.oid and i.objsubid = 0 and i.initprivs::text = c.relacl::text)`

/** Rights that objects get which are yet to be made. */
export const defaultPrivileges: CatalogQuery = (asked) => `
select 'default privileges', concat_ws(' ', 'for role', quote_ident(pg_get_userbyid(d.defaclrole)), 'in schema ' || quote_ident(n.nspname), 'on ' || w.what),
       ${rights('d.defaclacl', 'r', 'd.defaclrole', asked)}, null, ${rightsJson('d.defaclacl', 'r', 'd.defaclrole', asked)}
  from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace join pg_roles o on o.oid = d.defaclrole,
       lateral (select case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions' when 'T' then 'types'
                       when 'n' then 'schemas' when 'L' then 'large objects' else d.defaclobjtype::text end as what) w${
                         asked.isManaged ? ' where not (o.rolsuper or o.rolname = current_user)' : ''
                       }`

/** Publications of others: replication in this database goes by ours. */
export const publications: CatalogQuery = ({ major, isManaged }) => `
select 'publication', quote_ident(p.pubname), concat_ws('; ',
         concat_ws(', ', case when p.pubinsert then 'insert' end, case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end, case when p.pubtruncate then 'truncate' end),
         case when ${maybe('p', 'pubviaroot')} = 'true' then 'via root' end, case when p.puballtables then 'all tables' end,
         (select string_agg(format('%s%s%s', r.prrelid::regclass, ${major >= 15 ? `(select ' (' || string_agg(quote_ident(a.attname), ', ' order by a.attnum) || ')' from pg_attribute a where a.attrelid = r.prrelid and a.attnum = any (r.prattrs))` : 'null'},
                                   ${major >= 15 ? `' where ' || pg_get_expr(r.prqual, r.prrelid)` : 'null'}), ', ' order by r.prrelid::regclass::text)
            from pg_publication_rel r where r.prpubid = p.oid)
         ${major >= 15 ? `, (select string_agg('schema ' || s.pnnspid::regnamespace::text, ', ' order by s.pnnspid::regnamespace::text) from pg_publication_namespace s where s.pnpubid = p.oid)` : ''},
         'owner ' || ${ownerName('p.pubowner', { isManaged })}), null, null
  from pg_publication p where p.pubname <> 'qianyun'`

/** Event triggers of others. */
export const eventTriggers: CatalogQuery = () => `
select 'event trigger', quote_ident(e.evtname), concat_ws(' ', 'on', e.evtevent, 'when tag in ' || e.evttags::text, 'execute', e.evtfoid::regprocedure,
         case e.evtenabled when 'D' then '(disabled)' when 'R' then '(enabled replica)' when 'A' then '(enabled always)' end), null, null
  from pg_event_trigger e where e.evtname not in ('qianyun_ddl', 'qianyun_drop') and ${notOfExtension('pg_event_trigger', 'e.oid')}`

export const securityLabels: CatalogQuery = () => `
select 'security label', format('%s %s of %s', l.objtype, l.objname, l.provider), l.label, null, null from pg_seclabels l
 where l.objtype not in ('role', 'database', 'tablespace')`
