import type pg from 'pg'

/** Computes materialised views anew: replication carries the tables they come from, never the views' own contents. */
export async function refreshMaterializedViews(client: pg.Client): Promise<readonly string[]> {
  // A view may be made from another one: in the order they were made, each finds what it reads computed.
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind = 'm' order by c.oid`,
  )
  for (const { name } of rows) await client.query(`refresh materialized view ${name}`)
  return rows.map(({ name }) => name)
}
