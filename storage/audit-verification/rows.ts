import type { Queryable } from '../pool.ts'

let cursors = 0

/** The rows of a query, read in portions inside the caller's transaction: there may be more of them than fit into memory. */
export async function* rowsOf<R extends object>(
  client: Queryable,
  sql: string,
  portion = 200,
): AsyncGenerator<R> {
  const cursor = `audit_rows_${(cursors += 1)}`
  await client.query(`declare ${cursor} no scroll cursor for ${sql}`)
  for (;;) {
    const { rows } = await client.query(`fetch ${portion} from ${cursor}`)
    yield* rows as R[]
    if (rows.length < portion) break
  }
  await client.query(`close ${cursor}`)
}
