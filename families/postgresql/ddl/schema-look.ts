import type pg from 'pg'
import { oneRow } from '../server/connections.ts'

/** What a schema change can do to what replication carries, as the catalog has it at one moment. By object identifiers. */
export interface SchemaLook {
  readonly tables: Readonly<Record<string, TableLook>>
  /** By table and number: a column that is renamed keeps both. */
  readonly columns: Readonly<Record<string, ColumnLook>>
  /** `type/label` by identifier. */
  readonly labels: Readonly<Record<string, string>>
  /** Triggers that fire for replicated rows too: `table/trigger`. */
  readonly replicaTriggers: Readonly<Record<string, string>>
  /** Publications, subscriptions and event triggers, as they are defined. */
  readonly replication: Readonly<Record<string, string>>
  /** Rows written by this transaction, by table. */
  readonly rowsWritten: Readonly<Record<string, number>>
  /** Catalog rows written by this transaction: none means that nothing was changed. */
  readonly catalogWrites: number
}

export interface TableLook {
  readonly name: string
  /** Rows can be told apart: by a primary key, an index, or the whole row. */
  readonly hasKey: boolean
  readonly isLogged: boolean
}

export interface ColumnLook {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly isRequired: boolean
  /** A default, or a value that is generated. */
  readonly hasDefault: boolean
}

const foreign = `n.nspname !~ '^pg_' and n.nspname not in ('information_schema', 'qianyun')`

const lookSql = `
with tables as (
  select c.oid, c.relkind, format('%I.%I', n.nspname, c.relname) as name, c.relpersistence = 'p' as logged,
         case c.relreplident
           when 'f' then true
           when 'i' then exists (select from pg_index i where i.indrelid = c.oid and i.indisreplident and i.indisvalid)
           when 'd' then exists (select from pg_index i where i.indrelid = c.oid and i.indisprimary and i.indisvalid)
           else false end as keyed
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and ${foreign})
select
  (select coalesce(jsonb_object_agg(oid::text, jsonb_build_object(
      'name', name, 'hasKey', keyed or relkind = 'p', 'isLogged', logged)), '{}') from tables) as tables,
  (select coalesce(jsonb_object_agg(t.oid::text || '/' || a.attnum, jsonb_build_object(
      'table', t.name, 'name', a.attname, 'type', format_type(a.atttypid, a.atttypmod), 'isRequired', a.attnotnull,
      'hasDefault', a.atthasdef or a.attidentity <> '')), '{}')
     from tables t join pg_attribute a on a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped) as columns,
  (select coalesce(jsonb_object_agg(e.oid::text, format('%s/%s', e.enumtypid::regtype, e.enumlabel)), '{}') from pg_enum e) as labels,
  (select coalesce(jsonb_object_agg(g.oid::text, format('%s/%I', t.name, g.tgname)), '{}')
     from pg_trigger g join tables t on t.oid = g.tgrelid where g.tgenabled in ('A', 'R') and not g.tgisinternal) as "replicaTriggers",
  (select coalesce(jsonb_object_agg(kind || name, definition), '{}') from (
     select 'publication ' as kind, pubname::text as name, to_jsonb(p)::text as definition from pg_publication p
     union all select 'event trigger ', evtname::text, to_jsonb(e)::text from pg_event_trigger e
     union all select 'subscription ', subname::text, s.subenabled::text
       from pg_subscription s where s.subdbid = (select oid from pg_database where datname = current_database())) r) as replication,
  (select coalesce(jsonb_object_agg(format('%I.%I', s.schemaname, s.relname), s.n_tup_ins + s.n_tup_upd + s.n_tup_del), '{}')
     from pg_stat_xact_user_tables s where s.schemaname <> 'qianyun' and s.n_tup_ins + s.n_tup_upd + s.n_tup_del > 0) as "rowsWritten",
  (select coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::int from pg_stat_xact_sys_tables) as "catalogWrites"`

/** Looks at a schema over the connection whose transaction may have changed it. */
export async function lookAtSchema(client: pg.Client): Promise<SchemaLook> {
  return oneRow<SchemaLook & Record<string, unknown>>(client, lookSql)
}
