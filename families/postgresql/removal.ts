import type { FoundAtPlace, Removal } from '../family.ts'
import { dropDatabase, lookForDatabase } from './copy/make-database.ts'
import type { DatabasePort } from './database.ts'
import { assertClosed, forgetOldSide } from './replication/old-side.ts'
import { oneRow, withClient } from './server/connections.ts'

/** A database before it is dropped, as the proof shows it. */
export interface DatabaseFound extends FoundAtPlace {
  readonly name: string
  readonly tables: number
}

/** Drops a database that a switchover has closed. One that is gone already was dropped by an earlier run. */
export const removal: Removal<DatabasePort, DatabaseFound> = {
  async check(port) {
    if ((await lookForDatabase(port)).exists) await assertClosed(port)
  },
  async find(port) {
    const { exists, tables } = await lookForDatabase(port)
    if (!exists) return { name: port.database, bytes: 0, tables: 0 }
    const size = 'select pg_database_size(current_database())::float8 as bytes'
    const { bytes } = await withClient(port, 'wipe', async (client) =>
      oneRow<{ bytes: number }>(client, size),
    )
    return { name: port.database, bytes, tables: tables.length }
  },
  remove: async (port) => dropDatabase(port),
  left: async (port) => ((await lookForDatabase(port)).exists ? [`database ${port.database}`] : []),
  forget: forgetOldSide,
}
