import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import { sqlState } from '../server/connections.ts'

const oneTryMs = 1_500
const tries = 4

/**
 * Computes materialised views anew: replication carries the tables they come from, never the views' own contents. Readers
 * go on meanwhile where a view allows it. Gives those that could not be computed, each with the reason.
 * @param which `empty`: those alone that have never been computed
 */
export async function refreshMaterializedViews(
  client: pg.Client,
  which: 'all' | 'empty' = 'all',
): Promise<readonly string[]> {
  // A view may be made from another one: in the order they were made, each finds what it reads computed.
  const { rows } = await client.query<{ name: string; beside: boolean }>(
    `select format('%I.%I', n.nspname, c.relname) as name,
            c.relispopulated and exists (
              select from pg_index i where i.indrelid = c.oid and i.indisunique and i.indisvalid and i.indimmediate
                 and i.indpred is null and i.indexprs is null) as beside
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'm' and ($1 = 'all' or not c.relispopulated) order by c.oid`,
    [which],
  )
  const failed: string[] = []
  for (const { name, beside } of rows) {
    try {
      await refreshed(client, `refresh materialized view ${beside ? 'concurrently ' : ''}${name}`)
    } catch (error) {
      failed.push(`${name}: ${messageOf(error)}`)
    }
  }
  return failed
}

/** Readers queue behind a refresh that waits for one of them: it gives way soon, and tries again. */
async function refreshed(client: pg.Client, statement: string): Promise<void> {
  await client.query(`set lock_timeout = ${String(oneTryMs)}`)
  try {
    for (let left = tries - 1; ; left--) {
      try {
        await client.query(statement)
        return
      } catch (error) {
        if (sqlState(error) !== '55P03' || left === 0) throw error
        await sleep(oneTryMs)
      }
    }
  } finally {
    await client.query('set lock_timeout = 0')
  }
}
