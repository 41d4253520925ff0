import type pg from 'pg'
import { type Waivers, coversByPattern, waiverList } from '../../../domain/plan/waiving.ts'
import type { Side } from '../server/connections.ts'
import { sqlState } from '../server/connections.ts'
import { type Patience, withShortLocks } from '../server/waiting.ts'

/**
 * Lets whole rows of tables serve as their keys, on both sides. Which ones is written down where replication comes from,
 * and replicated like anything else: at the end they get back what they had, and those that were so before stay so. Each table
 * is locked by itself, and for moments: whoever reads it for long would else keep everybody else from it.
 * @throws LockNotGottenError
 */
export async function letWholeRowsServe(
  from: Side,
  to: Side,
  tables: readonly string[],
  patience: Patience,
): Promise<void> {
  const written = 'insert into qianyun.whole_row values ($1) on conflict do nothing'
  for (const table of await notYetFull(from.app, tables)) {
    await withShortLocks({ client: from.app, side: from.port }, [table], patience, async () => {
      await from.app.query(written, [table])
      await from.app.query(full(table))
    })
  }
  for (const table of await notYetFull(to.app, tables)) {
    await withShortLocks({ client: to.app, side: to.port }, [table], patience, async () => {
      await to.app.query(full(table))
    })
  }
}

/** Those that a run before this one has not come to. */
async function notYetFull(client: pg.Client, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select name from unnest($1::text[]) name
      where (select relreplident from pg_class where oid = to_regclass(name)) <> 'f'`,
    [[...tables]],
  )
  return rows.map(({ name }) => name)
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
