import {
  type CatalogQuery,
  collationName,
  maybe,
  notOfExtension,
  ofApplication,
  options,
  ownerName,
  ownCollation,
  ownerAndRights,
} from './query.ts'

const routine = `case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end`
const signature = `format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid))`
const routines = `pg_proc p join pg_namespace n on n.oid = p.pronamespace`
// Constructors of ranges come and go with their type.
const where = `${ofApplication} and ${notOfExtension('pg_proc', 'p.oid')}
  and not exists (select from pg_depend own where own.classid = 'pg_proc'::regclass and own.objid = p.oid and own.deptype = 'i')`

/** Functions and procedures as the server prints them: body, volatility, security, settings, cost. */
export const functions: CatalogQuery = () => `
select ${routine} as kind, ${signature} as identity, pg_get_functiondef(p.oid) as text, null as within, pg_get_functiondef(p.oid) as make
  from ${routines} where p.prokind <> 'a' and ${where}`

export const aggregates: CatalogQuery = () => `
select ${routine}, ${signature}, concat_ws('; ', a.aggkind, 'returns ' || format_type(p.prorettype, null), 'state ' || format_type(a.aggtranstype, null),
         concat_ws(', ', a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn),
         'from ' || a.agginitval, 'sort by ' || nullif(a.aggsortop, 0)::regoperator::text, a.aggfinalmodify, p.proparallel), null, null
  from ${routines} join pg_aggregate a on a.aggfnoid = p.oid where ${where}`

export const routineRights: CatalogQuery = (asked) =>
  ownerAndRights(
    `select ${routine} as kind, ${signature} as identity, p.proowner as owner, p.proacl as acl from ${routines} where ${where}`,
    'f',
    asked,
  )

const typeKind = `case when t.typtype = 'd' then 'domain' else 'type' end`
const typeName = `format('%I.%I', n.nspname, t.typname)`
// Types of rows, of arrays and of several ranges come and go with what they are made of.
const types_ = `pg_type t join pg_namespace n on n.oid = t.typnamespace left join pg_class tc on tc.oid = t.typrelid
 where ${ofApplication} and ${notOfExtension('pg_type', 't.oid')} and (t.typrelid = 0 or tc.relkind = 'c')
   and t.typtype in ('b', 'c', 'd', 'e', 'r') and not exists (select from pg_type e where e.typarray = t.oid)`

/** Types: the labels of an enum in their order, the columns of a composite, what a domain and a range are made of. */
export const types: CatalogQuery = () => `
select ${typeKind}, ${typeName}, case t.typtype
    when 'e' then 'enum (' || coalesce((select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder) from pg_enum e where e.enumtypid = t.oid), '') || ')'
    when 'c' then '(' || coalesce((select string_agg(format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod))
        || coalesce(' collate ' || ${ownCollation('a.attcollation', 'a.atttypid')}, ''), ', ' order by a.attnum)
        from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped), '') || ')'
    when 'd' then concat_ws(' ', format_type(t.typbasetype, t.typtypmod), case when t.typnotnull then 'not null' end, 'default ' || t.typdefault,
        'collate ' || ${ownCollation('t.typcollation', 't.typbasetype')})
    when 'r' then (select concat_ws(' ', 'range of', format_type(r.rngsubtype, null), 'collate ' || ${collationName('r.rngcollation')},
        oc.opcname, nullif(r.rngcanonical, 0)::regprocedure, nullif(r.rngsubdiff, 0)::regprocedure)
        from pg_range r join pg_opclass oc on oc.oid = r.rngsubopc where r.rngtypid = t.oid)
    else concat_ws(' ', 'base', t.typlen, t.typbyval, t.typalign, t.typstorage, t.typinput, t.typoutput, t.typreceive, t.typsend, t.typmodin, t.typmodout, t.typanalyze) end,
  null, null
  from ${types_}`

export const typeRights: CatalogQuery = (asked) =>
  ownerAndRights(
    `select ${typeKind} as kind, ${typeName} as identity, t.typowner as owner, t.typacl as acl from ${types_}`,
    'T',
    asked,
  )

const made = (catalog: string, row: string): string =>
  `${row}.oid >= 16384 and ${notOfExtension(catalog, `${row}.oid`)}`

/** Of the server's own collations those of a library, by which columns or indexes of the application are sorted. */
export const sorts = (collation: string): string =>
  `${collation}.collprovider in ('c', 'i') and coalesce(${collation}.collcollate, '') not in ('C', 'POSIX')
   and exists (select from pg_attribute a join pg_class r on r.oid = a.attrelid join pg_namespace n on n.oid = r.relnamespace
                where a.attcollation = ${collation}.oid and not a.attisdropped and ${ofApplication})`

export const operators: CatalogQuery = (asked) => `
select 'cast', format('%s as %s', format_type(c.castsource, null), format_type(c.casttarget, null)),
       concat_ws(' ', nullif(c.castfunc, 0)::regprocedure, c.castcontext, c.castmethod), null, null from pg_cast c where ${made('pg_cast', 'c')}
union all
select 'operator', o.oid::regoperator::text, concat_ws(' ', o.oprcode, 'owner ' || ${ownerName('o.oprowner', asked)}, nullif(o.oprcom, 0)::regoperator,
       nullif(o.oprnegate, 0)::regoperator, o.oprrest, o.oprjoin, o.oprcanmerge, o.oprcanhash), null, null
  from pg_operator o join pg_namespace n on n.oid = o.oprnamespace where ${ofApplication} and ${made('pg_operator', 'o')}
union all
select 'operator class', format('%I.%I using %s', n.nspname, o.opcname, m.amname), concat_ws(' ', format_type(o.opcintype, null), case when o.opcdefault then 'default' end,
       'stores ' || format_type(nullif(o.opckeytype, 0), null), 'owner ' || ${ownerName('o.opcowner', asked)},
       (select string_agg(format('%s %s', a.amopstrategy, a.amopopr::regoperator), ', ' order by a.amopstrategy, a.amopopr::regoperator::text) from pg_amop a where a.amopfamily = o.opcfamily),
       (select string_agg(format('%s %s', a.amprocnum, a.amproc::regprocedure), ', ' order by a.amprocnum, a.amproc::regprocedure::text) from pg_amproc a where a.amprocfamily = o.opcfamily)), null, null
  from pg_opclass o join pg_am m on m.oid = o.opcmethod join pg_namespace n on n.oid = o.opcnamespace where ${ofApplication} and ${made('pg_opclass', 'o')}
union all
select 'collation', format('%I.%I', n.nspname, c.collname), concat_ws(' ', c.collprovider, coalesce(${maybe('c', 'colllocale')}, ${maybe('c', 'colliculocale')}, c.collcollate),
       c.collctype, case when ${maybe('c', 'collisdeterministic')} = 'false' then 'not deterministic' end, 'rules ' || (${maybe('c', 'collicurules')}),
       'version ' || c.collversion, 'owner ' || ${ownerName('c.collowner', asked)}), null, pg_collation_actual_version(c.oid)
  from pg_collation c join pg_namespace n on n.oid = c.collnamespace where ${ofApplication} and ${made('pg_collation', 'c')}
union all
select 'collation', format('%I.%I', n.nspname, c.collname), concat_ws(' ', c.collprovider, 'version ' || coalesce(c.collversion, 'none')), null, pg_collation_actual_version(c.oid)
  from pg_collation c join pg_namespace n on n.oid = c.collnamespace where n.nspname = 'pg_catalog' and ${sorts('c')}
union all
select 'conversion', format('%I.%I', n.nspname, c.conname), concat_ws(' ', c.conforencoding, c.contoencoding, c.conproc, c.condefault), null, null
  from pg_conversion c join pg_namespace n on n.oid = c.connamespace where ${ofApplication} and ${made('pg_conversion', 'c')}
union all
select 'language', quote_ident(l.lanname), concat_ws(' ', case when l.lanpltrusted then 'trusted' end, nullif(l.lanplcallfoid, 0)::regprocedure,
       nullif(l.laninline, 0)::regprocedure, nullif(l.lanvalidator, 0)::regprocedure), null, null from pg_language l where ${made('pg_language', 'l')}
union all
select 'transform', format('%s language %I', format_type(t.trftype, null), l.lanname), concat_ws(' ', t.trffromsql, t.trftosql), null, null
  from pg_transform t join pg_language l on l.oid = t.trflang where ${made('pg_transform', 't')}
union all
select 'access method', quote_ident(a.amname), concat_ws(' ', a.amtype, a.amhandler), null, null from pg_am a where ${made('pg_am', 'a')}`

export const textSearch: CatalogQuery = (asked) => `
select 'text search configuration', format('%I.%I', n.nspname, c.cfgname), concat_ws(' ', (select format('%I.%I', pn.nspname, p.prsname) from pg_ts_parser p join pg_namespace pn on pn.oid = p.prsnamespace where p.oid = c.cfgparser),
       (select string_agg(format('%s: %s', m.maptokentype, m.mapdict::regdictionary), ', ' order by m.maptokentype, m.mapseqno) from pg_ts_config_map m where m.mapcfg = c.oid),
       'owner ' || ${ownerName('c.cfgowner', asked)}), null, null
  from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace where ${ofApplication} and ${made('pg_ts_config', 'c')}
union all
select 'text search dictionary', format('%I.%I', n.nspname, d.dictname), concat_ws(' ', (select format('%I.%I', tn.nspname, t.tmplname) from pg_ts_template t join pg_namespace tn on tn.oid = t.tmplnamespace where t.oid = d.dicttemplate),
       d.dictinitoption, 'owner ' || ${ownerName('d.dictowner', asked)}), null, null
  from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace where ${ofApplication} and ${made('pg_ts_dict', 'd')}
union all
select 'text search parser', format('%I.%I', n.nspname, p.prsname), concat_ws(' ', p.prsstart, p.prstoken, p.prsend, p.prsheadline, p.prslextype), null, null
  from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace where ${ofApplication} and ${made('pg_ts_parser', 'p')}
union all
select 'text search template', format('%I.%I', n.nspname, t.tmplname), concat_ws(' ', t.tmplinit, t.tmpllexize), null, null
  from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace where ${ofApplication} and ${made('pg_ts_template', 't')}`

/** Servers elsewhere. Options of a user mapping hold passwords: they are compared where both administrators may read them, and never shown. */
export const foreignServers: CatalogQuery = (asked) => `
select 'foreign data wrapper', quote_ident(w.fdwname), concat_ws(' ', nullif(w.fdwhandler, 0)::regprocedure, nullif(w.fdwvalidator, 0)::regprocedure, ${options('w.fdwoptions')}), null, null
  from pg_foreign_data_wrapper w where ${made('pg_foreign_data_wrapper', 'w')}
union all
select 'server', quote_ident(s.srvname), concat_ws(' ', (select w.fdwname from pg_foreign_data_wrapper w where w.oid = s.srvfdw), s.srvtype, s.srvversion, ${options('s.srvoptions')}), null, null
  from pg_foreign_server s where ${made('pg_foreign_server', 's')}
union all
select 'user mapping', format('for %s on %I', case when m.umuser = 0 then 'public' else quote_ident(pg_get_userbyid(m.umuser)) end, s.srvname),
       ${asked.isManaged ? `'there'` : `'options of digest ' || coalesce(left(md5(${options('m.umoptions')}), 8), 'none')`}, 'server ' || quote_ident(s.srvname), null
  from ${asked.isManaged ? '(select umuser, srvid as umserver from pg_user_mappings)' : 'pg_user_mapping'} m join pg_foreign_server s on s.oid = m.umserver
union all ${ownerAndRights(`select 'server' as kind, quote_ident(s.srvname) as identity, s.srvowner as owner, s.srvacl as acl from pg_foreign_server s where ${made('pg_foreign_server', 's')}`, 'S', asked)}
union all ${ownerAndRights(`select 'foreign data wrapper' as kind, quote_ident(w.fdwname) as identity, w.fdwowner as owner, w.fdwacl as acl from pg_foreign_data_wrapper w where ${made('pg_foreign_data_wrapper', 'w')}`, 'F', asked)}
union all ${ownerAndRights(`select 'language' as kind, quote_ident(l.lanname) as identity, l.lanowner as owner, l.lanacl as acl from pg_language l where l.lanpltrusted`, 'l', asked)}`
