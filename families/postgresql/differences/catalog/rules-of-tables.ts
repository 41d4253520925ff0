import { type CatalogQuery, maybe, notOfExtension, ofApplication } from './query.ts'

const table = `format('%I.%I', n.nspname, c.relname)`
const part = `'table ' || ${table}`
const relation = `case c.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'f' then 'foreign table' else 'table' end || ' ' || ${table}`
const where = `${ofApplication} and c.relpersistence <> 't' and ${notOfExtension('pg_class', 'c.oid')}`
const mode = (column: string): string =>
  `case ${column} when 'D' then ' (disabled)' when 'R' then ' (enabled replica)' when 'A' then ' (enabled always)' else '' end`

/**
 * Constraints with their validity. What enforces them may be turned off: triggers of a foreign key, an index that is not valid.
 * Copies that a foreign key has for each partition come with it, under names that each version makes in its own way.
 */
export const constraints: CatalogQuery = () => `
select 'constraint', ${table} || '.' || quote_ident(k.conname), pg_get_constraintdef(k.oid)
         || case when exists (select from pg_index i where i.indexrelid = k.conindid and k.contype in ('p', 'u', 'x')
                               and not (i.indisvalid and i.indisready)) then ' (index not valid)' else '' end
         || coalesce((select ' (triggers ' || string_agg(distinct t.mode, ', ') || ')' from (
              select format('%s on %s', case o.tgenabled when 'D' then 'disabled' when 'R' then 'enabled replica' else 'enabled always' end, o.tgrelid::regclass) as mode
                from pg_trigger o where o.tgconstraint = k.oid and o.tgisinternal and o.tgenabled <> 'O') t), ''),
       ${relation}, format('alter table %s add constraint %I %s', ${table}, k.conname, pg_get_constraintdef(k.oid))
  from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
 where k.contype in ('c', 'f', 'p', 'u', 'x') and ${where}
   and not (k.contype = 'f' and coalesce(to_jsonb(k) ->> 'conparentid', '0') <> '0')
union all
select 'constraint', format('%I.%I.%I', n.nspname, t.typname, k.conname), pg_get_constraintdef(k.oid),
       format('domain %I.%I', n.nspname, t.typname), format('alter domain %I.%I add constraint %I %s', n.nspname, t.typname, k.conname, pg_get_constraintdef(k.oid))
  from pg_constraint k join pg_type t on t.oid = k.contypid join pg_namespace n on n.oid = t.typnamespace
 where k.contype = 'c' and ${ofApplication} and ${notOfExtension('pg_type', 't.oid')}`

/** Indexes, but for those that a constraint stands for. */
export const indexes: CatalogQuery = () => `
select 'index', format('%I.%I', n.nspname, x.relname), pg_get_indexdef(x.oid) || case when i.indisvalid and i.indisready then '' else ' (not valid)' end
         || case when i.indisclustered then ' (clustered)' else '' end
         || coalesce((select ' (statistics ' || string_agg(a.attnum || ': ' || (${maybe('a', 'attstattarget')}), ', ' order by a.attnum) || ')' from pg_attribute a
              where a.attrelid = x.oid and nullif(${maybe('a', 'attstattarget')}, '-1') is not null), ''),
       ${relation}, regexp_replace(pg_get_indexdef(x.oid), '^CREATE (UNIQUE )?INDEX ', case when c.relkind = 'p' then 'CREATE \\1INDEX ' else 'CREATE \\1INDEX CONCURRENTLY ' end)
  from pg_index i join pg_class x on x.oid = i.indexrelid join pg_class c on c.oid = i.indrelid join pg_namespace n on n.oid = c.relnamespace
 where ${where} and not exists (select from pg_constraint k where k.conindid = x.oid and k.contype in ('p', 'u', 'x'))`

/** Triggers and whether they fire; a partition's copy only where it is enabled otherwise than its parent's. */
export const triggers: CatalogQuery = () => `
select 'trigger', ${table} || '.' || quote_ident(t.tgname), pg_get_triggerdef(t.oid) || ${mode('t.tgenabled')}, ${relation},
       pg_get_triggerdef(t.oid)
  from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
  left join pg_trigger p on p.oid = (${maybe('t', 'tgparentid')})::oid
 where not t.tgisinternal and ${where} and (p.oid is null or p.tgenabled <> t.tgenabled)`

export const rewriteRules: CatalogQuery = () => `
select 'rule', ${table} || '.' || quote_ident(r.rulename), pg_get_ruledef(r.oid) || ${mode('r.ev_enabled')}, ${relation}, pg_get_ruledef(r.oid)
  from pg_rewrite r join pg_class c on c.oid = r.ev_class join pg_namespace n on n.oid = c.relnamespace
 where r.rulename <> '_RETURN' and ${where}`

export const policies: CatalogQuery = () => `
select 'policy', ${table} || '.' || quote_ident(p.polname), concat_ws(' ', case when p.polpermissive then 'permissive' else 'restrictive' end,
         'for', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end, 'to ' || r.roles,
         'using (' || pg_get_expr(p.polqual, p.polrelid) || ')', 'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')'), ${part},
       concat_ws(' ', format('create policy %I on %s as', p.polname, ${table}), case when p.polpermissive then 'permissive' else 'restrictive' end,
         'for', case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'all' end, 'to ' || r.roles,
         'using (' || pg_get_expr(p.polqual, p.polrelid) || ')', 'with check (' || pg_get_expr(p.polwithcheck, p.polrelid) || ')')
  from pg_policy p join pg_class c on c.oid = p.polrelid join pg_namespace n on n.oid = c.relnamespace,
       lateral (select string_agg(case when o = 0 then 'public' else quote_ident(pg_get_userbyid(o)) end, ', ' order by o = 0, pg_get_userbyid(o)) as roles
                  from unnest(p.polroles) o) r
 where ${where}`

export const statistics: CatalogQuery = () => `
select 'statistics', format('%I.%I', n.nspname, s.stxname), concat_ws(' ', pg_get_statisticsobjdef(s.oid), 'target ' || nullif(${maybe('s', 'stxstattarget')}, '-1')),
       ${relation}, concat_ws('; ', pg_get_statisticsobjdef(s.oid), format('alter statistics %I.%I set statistics ', n.nspname, s.stxname) || nullif(${maybe('s', 'stxstattarget')}, '-1'))
  from pg_statistic_ext s join pg_class c on c.oid = s.stxrelid join pg_namespace n on n.oid = s.stxnamespace
 where ${ofApplication} and ${notOfExtension('pg_statistic_ext', 's.oid')}`
