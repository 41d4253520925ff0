import type pg from 'pg'
import { sessionAs } from '../server/connections.ts'

/**
 * Empties the tables of a database that only its schema was copied into. An extension may have filled tables of its own as
 * it was made there: the rows of the old side come in their place. Gives the tables it emptied.
 */
export async function emptyTables(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and pg_relation_size(c.oid) > 0 order by 1`,
  )
  const filled = rows.map(({ name }) => name)
  if (filled.length === 0) return []
  await client.query(`begin; ${sessionAs('replica', 'local')}; truncate ${filled.join(', ')} cascade; commit`)
  return filled
}
