import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { withClient } from '../server/connections.ts'

const note = 'Qianyun: a copy is being poured'

/** Notes on a database that a copy of several passes is under way, which an interrupted run leaves behind. */
export async function noteHalfMade(port: DatabasePort, isHalfMade: boolean): Promise<void> {
  await withClient(port, 'copy', async (client) =>
    client.query(
      `comment on database ${client.escapeIdentifier(port.database)} is ${isHalfMade ? client.escapeLiteral(note) : 'null'}`,
    ),
  )
}

/** Whether the database that a client is connected to was left half made: what is in it counts for nothing. */
export async function isHalfMade(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_database where datname = current_database() and shobj_description(oid, 'pg_database') = $1`,
    [note],
  )
  return rowCount !== 0
}
