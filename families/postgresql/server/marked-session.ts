import { randomUUID } from 'node:crypto'
import type pg from 'pg'
import { ownApplicationName } from './connections.ts'

const withName = `from pg_catalog.pg_stat_activity
  where application_name = $1 and datname = pg_catalog.current_database()`

/**
 * The address of the server that `client` has come to, if it is not the one that `isHere` looks at. A pooler in between keeps the session
 * for its client as long as the transaction lasts.
 */
export async function strayOf(
  client: pg.Client,
  isHere: (mark: string) => Promise<boolean>,
): Promise<string | undefined> {
  const mark = `${ownApplicationName}-way-${randomUUID()}`
  // One message, so that nothing of a session that a pooler shares comes in between.
  await client.query(`begin; set local application_name = '${mark}'`)
  try {
    if (await isHere(mark)) return undefined
    const { rows } = await client.query<{ address: string }>(
      `select coalesce(pg_catalog.host(pg_catalog.inet_server_addr()), 'local') || ':'
        || pg_catalog.current_setting('port') || '/' || pg_catalog.current_database() as address`,
    )
    return rows[0]?.address ?? '-'
  } finally {
    await client.query('rollback')
  }
}

/** Whether the session that bears a mark stands in the database of this connection, whose transaction may have looked before. */
export async function isMarkHere(client: pg.Client, mark: string): Promise<boolean> {
  // What a transaction has seen of other sessions it would else see again.
  await client.query('select pg_catalog.pg_stat_clear_snapshot()')
  const { rowCount } = await client.query(`select ${withName}`, [mark])
  return rowCount !== 0
}
