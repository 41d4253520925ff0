import type pg from 'pg'
import { type Waivers, coversByPattern, waiverList } from '../../../domain/plan/waiving.ts'
import type { Side } from '../server/connections.ts'
import { sqlState } from '../server/connections.ts'

/**
 * Lets whole rows of tables serve as their keys, on both sides. Which ones is written down where replication comes from,
 * and replicated like anything else: at the end they get back what they had, and those that were so before stay so.
 */
export async function letWholeRowsServe(from: Side, to: Side, tables: readonly string[]): Promise<void> {
  await from.app.query('begin')
  try {
    await from.app.query('insert into qianyun.whole_row select unnest($1::text[]) on conflict do nothing', [
      [...tables],
    ])
    for (const table of tables) await from.app.query(full(table))
    await from.app.query('commit')
  } catch (error) {
    await from.app.query('rollback')
    throw error
  }
  for (const table of tables) await to.app.query(full(table))
}

const full = (table: string): string => `alter table ${table} replica identity full`

/**
 * The tables that go by their whole rows since a waiver let them, named by the catalog, whatever a waiver is called. What
 * was replicated before they were written down is known by the names of its waivers.
 */
export async function wholeRowTables(client: pg.Client, waivers: Waivers): Promise<readonly string[]> {
  const named = waiverList(waivers)
    .filter((waiver) => !coversByPattern(waiver))
    .map(({ pattern }) => pattern)
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and c.relreplident = 'f' and format('%I.%I', n.nspname, c.relname) = any ($1)`,
    [[...new Set([...named, ...(await writtenDown(client))])]],
  )
  return rows.map(({ name }) => name)
}

async function writtenDown(client: pg.Client): Promise<readonly string[]> {
  try {
    const { rows } = await client.query<{ name: string }>('select name from qianyun.whole_row')
    return rows.map(({ name }) => name)
  } catch (error) {
    // No replication was begun here, or it was begun before they were written down.
    if (['3F000', '42P01'].includes(sqlState(error) ?? '')) return []
    throw error
  }
}
