import {
  type CatalogQuery,
  maybe,
  notOfExtension,
  ofApplication,
  options,
  ownCollation,
  ownerAndRights,
  rights,
  rightsJson,
} from './query.ts'

const name = `format('%I.%I', n.nspname, c.relname)`
const kinds = `case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table'
  when 'S' then 'sequence' else 'table' end`
const from = `pg_class c join pg_namespace n on n.oid = c.relnamespace`
const where = `${ofApplication} and c.relpersistence <> 't' and ${notOfExtension('pg_class', 'c.oid')}`

/** Tables: persistence, partitioning, inheritance, storage, key of replication and row security. */
export const tables: CatalogQuery = () => `
select ${kinds} as kind, ${name} as identity, concat_ws('; ', ${kinds},
         case when c.relpersistence = 'u' and c.relkind <> 'p' then 'unlogged' end,
         case when c.relkind = 'p' then 'partition by ' || pg_get_partkeydef(c.oid) end,
         (select string_agg(format('%s %I.%I', case when c.relispartition then 'partition of' else 'inherits' end,
                                   pn.nspname, p.relname), ', ' order by i.inhseqno)
            from pg_inherits i join pg_class p on p.oid = i.inhparent join pg_namespace pn on pn.oid = p.relnamespace
           where i.inhrelid = c.oid),
         pg_get_expr(c.relpartbound, c.oid),
         'of type ' || nullif(c.reloftype, 0)::regtype::text,
         'options ' || ${options('c.reloptions')},
         'toast options ' || (select ${options('t.reloptions')} from pg_class t where t.oid = c.reltoastrelid),
         'access method ' || (select am.amname from pg_am am where am.oid = c.relam and am.amname <> 'heap'),
         case c.relreplident when 'f' then 'replica identity full' when 'n' then 'replica identity nothing' when 'i' then
           'replica identity by ' || (select i.indexrelid::regclass::text from pg_index i where i.indrelid = c.oid and i.indisreplident) end,
         case when c.relrowsecurity then 'row security' end,
         case when c.relforcerowsecurity then 'row security forced' end,
         (select format('server %I %s', s.srvname, ${options('f.ftoptions')})
            from pg_foreign_table f join pg_foreign_server s on s.oid = f.ftserver where f.ftrelid = c.oid)) as text,
       null as within, null as make
  from ${from} where c.relkind in ('r', 'p', 'f') and ${where}`

/** Columns: type, collation, storage and what fills them. A default stands by itself, since it can be carried over. */
export const columns: CatalogQuery = () => `
select 'column', ${name} || '.' || quote_ident(a.attname), concat_ws('; ', format_type(a.atttypid, a.atttypmod),
         'collate ' || ${ownCollation('a.attcollation', 'a.atttypid')},
         case when a.attnotnull then 'not null' end,
         ${notNullNotValid},
         case ${maybe('a', 'attgenerated')} when 's' then 'stored ' when 'v' then 'virtual ' end || pg_get_expr(f.adbin, f.adrelid),
         case a.attidentity when 'a' then 'identity always' when 'd' then 'identity by default' end,
         case when a.attstorage <> (select t.typstorage from pg_type t where t.oid = a.atttypid) then 'storage ' || a.attstorage::text end,
         'compression ' || nullif(${maybe('a', 'attcompression')}, ''),
         'statistics ' || nullif(${maybe('a', 'attstattarget')}, '-1'),
         'options ' || ${options('a.attoptions')}, 'options ' || ${options('a.attfdwoptions')}),
       ${kinds} || ' ' || ${name}, null
  from ${from} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  left join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum and coalesce(${maybe('a', 'attgenerated')}, '') <> ''
 where c.relkind in ('r', 'p', 'f') and ${where}`

/** Since PostgreSQL 18 a column may be not null without what is there having been looked at. */
const notNullNotValid = `case when exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'n'
  and k.conkey = array[a.attnum] and not k.convalidated) then 'not validated' end`

/** The order of columns matters to who names none. */
export const columnOrder: CatalogQuery = () => `
select 'order of columns', ${name}, (select coalesce(string_agg(quote_ident(a.attname), ', ' order by a.attnum), 'none') from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped), ${kinds} || ' ' || ${name}, null
  from ${from} where c.relkind in ('r', 'p', 'f') and ${where}`

export const defaults: CatalogQuery = () => `
select 'default', ${name} || '.' || quote_ident(a.attname), pg_get_expr(f.adbin, f.adrelid),
       case when c.relkind = 'v' then 'view ' || ${name} else 'column ' || ${name} || '.' || quote_ident(a.attname) end,
       format('alter %s %s alter column %I set default %s', case c.relkind when 'v' then 'view' when 'f' then 'foreign table' else 'table' end,
              ${name}, a.attname, pg_get_expr(f.adbin, f.adrelid))
  from ${from} join pg_attribute a on a.attrelid = c.oid and not a.attisdropped
  join pg_attrdef f on f.adrelid = a.attrelid and f.adnum = a.attnum
 where c.relkind in ('r', 'p', 'f', 'v') and coalesce(${maybe('a', 'attgenerated')}, '') = '' and ${where}`

/** Rights on single columns. */
export const columnRights: CatalogQuery = (asked) => `
select 'privileges of column', ${name} || '.' || quote_ident(a.attname), ${rights('a.attacl', 'c', 'c.relowner', asked)},
       ${kinds} || ' ' || ${name}, ${rightsJson('a.attacl', 'c', 'c.relowner', asked)}
  from ${from} join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attacl is not null
 where c.relkind in ('r', 'p', 'f', 'v', 'm') and ${where}`

/** Sequences of any kind, those of identity columns too. Their values are set as a switch is made. */
export const sequences: CatalogQuery = () => `
select 'sequence', ${name}, concat_ws('; ', format('as %s start %s from %s to %s by %s cache %s', s.seqtypid::regtype,
         s.seqstart, s.seqmin, s.seqmax, s.seqincrement, s.seqcache), case when s.seqcycle then 'cycle' end,
         case when c.relpersistence = 'u' then 'unlogged' end,
         (select format('owned by %I.%I.%I', tn.nspname, t.relname, a.attname)
            from pg_depend d join pg_class t on t.oid = d.refobjid join pg_namespace tn on tn.oid = t.relnamespace
            join pg_attribute a on a.attrelid = t.oid and a.attnum = d.refobjsubid
           where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i'))),
       null, format('alter sequence %s as %s start with %s minvalue %s maxvalue %s increment by %s cache %s %s', ${name}, s.seqtypid::regtype,
         s.seqstart, s.seqmin, s.seqmax, s.seqincrement, s.seqcache, case when s.seqcycle then 'cycle' else 'no cycle' end)
  from ${from} join pg_sequence s on s.seqrelid = c.oid where ${where}`

/** Views with their definitions. A materialised one is made empty: the replication step computes it. */
export const views: CatalogQuery = () => `
select ${kinds}, ${name}, concat_ws(' ', pg_get_viewdef(c.oid), 'with (' || ${options('c.reloptions')} || ')'), null,
       format(case c.relkind when 'v' then 'create or replace view %s%s as %s' else 'create materialized view %s%s as %s with no data' end,
         ${name}, ' with (' || ${options('c.reloptions')} || ')', rtrim(pg_get_viewdef(c.oid), ';'))
  from ${from} where c.relkind in ('v', 'm') and ${where}`

export const relationRights: CatalogQuery = (asked) =>
  [
    ["'r', 'p', 'v', 'm', 'f'", 'r'],
    ["'S'", 's'],
  ]
    .map(([relkinds = '', type = '']) =>
      ownerAndRights(
        `select ${kinds} as kind, ${name} as identity, c.relowner as owner, c.relacl as acl
           from ${from} where c.relkind in (${relkinds}) and ${where}`,
        type,
        asked,
      ),
    )
    .join(' union all ')
