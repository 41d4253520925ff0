import type pg from 'pg'

/**
 * Tables of the application whose rows cannot be put in without running something that a superuser must not run: functions that are not
 * the server's own, and those of the server that have effects or carry out texts as SQL. Expressions are kept as trees of nodes, which name every function that they call.
 */
const query = `
  with expressions as (
    select k.conrelid as relation, k.conbin::text as tree from pg_constraint k where k.contype = 'c'
    union all
    select f.adrelid, f.adbin::text from pg_attrdef f join pg_attribute a on a.attrelid = f.adrelid and a.attnum = f.adnum
     where coalesce(to_jsonb(a) ->> 'attgenerated', '') <> ''
    union all
    select p.partrelid, p.partexprs::text from pg_partitioned_table p),
  called as (
    select e.relation, m[1] as kind, m[2]::oid as oid
      from expressions e, regexp_matches(e.tree, ':(funcid|opno|aggfnoid) (\\d+)', 'g') m),
  functions as (
    select relation, oid from called where kind <> 'opno'
    union
    select c.relation, o.oprcode::oid from called c join pg_operator o on o.oid = c.oid where c.kind = 'opno')
  select distinct p.oid::regprocedure::text as function
    from functions f join pg_proc p on p.oid = f.oid join pg_language l on l.oid = p.prolang join pg_roles r on r.oid = p.proowner
    left join pg_class c on c.oid = f.relation left join pg_namespace n on n.oid = c.relnamespace
   where coalesce(n.nspname, '') not in ('pg_catalog', 'information_schema', 'qianyun')
     and not (r.rolsuper and l.lanname in ('internal', 'c') and p.provolatile <> 'v'
              and p.proname !~ '^(table|schema|database|query|cursor)_to_xml')
   order by 1`

/** The functions that rows of a database are put in through, and that its owner has made or may misuse. */
export async function functionsRowsRun(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ function: string }>(query)
  return rows.map((row) => row.function)
}
