import type pg from 'pg'

/** Everything of a schema that replication and the application rely on, as lines that can be compared. */
async function schemaLines(client: pg.Client): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ line: string }>(
    `select format('table %I.%I column %I %s%s', n.nspname, c.relname, a.attname,
                   format_type(a.atttypid, a.atttypmod), case when a.attnotnull then ' not null' else '' end) as line
       from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and ${applicationSchemas}
     union all
     select format('key of table %I.%I is %s', n.nspname, c.relname, pg_get_constraintdef(k.oid))
       from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_namespace n on n.oid = c.relnamespace
      where k.contype in ('p', 'u') and ${applicationSchemas}
     union all
     select format('unlogged table %I.%I', n.nspname, c.relname)
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and c.relpersistence = 'u' and ${applicationSchemas}
     union all
     select format('trigger %I of table %I.%I that fires on replicated rows', t.tgname, n.nspname, c.relname)
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where t.tgenabled in ('A', 'R') and not t.tgisinternal and ${applicationSchemas}
     union all
     select format('%s %I.%I', case c.relkind when 'v' then 'view' else 'materialized view' end, n.nspname, c.relname)
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('v', 'm') and ${applicationSchemas}
     union all
     select format('sequence %I.%I from %s to %s by %s%s', n.nspname, c.relname, s.seqmin, s.seqmax, s.seqincrement,
                   case when s.seqcycle then ' cycling' else '' end)
       from pg_sequence s join pg_class c on c.oid = s.seqrelid join pg_namespace n on n.oid = c.relnamespace
      where ${applicationSchemas}`,
  )
  return new Set(rows.map(({ line }) => line))
}

const applicationSchemas = `n.nspname not in ('pg_catalog', 'information_schema')
  and n.nspname !~ '^pg_(toast|temp)'
  and not exists (select from pg_depend e where e.objid = c.oid and e.deptype = 'e')`

/** Differences between two schemas, each in words; empty when replication and application find the same on both. */
export async function compareSchemas(
  one: { client: pg.Client; label: string },
  other: { client: pg.Client; label: string },
): Promise<readonly string[]> {
  const [left, right] = await Promise.all([schemaLines(one.client), schemaLines(other.client)])
  return [
    ...[...left].filter((line) => !right.has(line)).map((line) => `only ${one.label} has ${line}`),
    ...[...right].filter((line) => !left.has(line)).map((line) => `only ${other.label} has ${line}`),
  ].sort()
}
