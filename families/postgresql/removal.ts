import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { FoundAtPlace, Removal } from '../family.ts'
import { dropDatabase, lookForDatabase } from './copy/make-database.ts'
import type { DatabasePort } from './database.ts'
import { assertClosed, forgetOldSide } from './replication/old-side.ts'
import { ReplicatedByOthersError } from './errors.ts'
import { sideName } from './side-name.ts'
import { oneRow, withClient } from './server/connections.ts'
import { tracesOn } from './traces.ts'

/** A database before it is dropped, as the proof shows it. */
export interface DatabaseFound extends FoundAtPlace {
  readonly name: string
  readonly tables: number
  /** What of it is left on its server. Absent in what a run of an older program noted. */
  readonly traces?: readonly Said[]
}

/** Drops a database that a switchover has closed. One that is gone already was dropped by an earlier run. */
export const removal: Removal<DatabasePort, DatabaseFound> = {
  async check(port) {
    if (!(await lookForDatabase(port)).exists) return
    await assertClosed(port)
    await assertNotReplicated(port)
  },
  async find(port) {
    const { exists, tables } = await lookForDatabase(port)
    if (!exists) return { name: port.database, bytes: 0, tables: 0 }
    const size = 'select pg_database_size(current_database())::float8 as bytes'
    const { bytes } = await withClient(port, 'wipe', async (client) =>
      oneRow<{ bytes: number }>(client, size),
    )
    return { name: port.database, bytes, tables: tables.length, traces: await tracesOn(port) }
  },
  remove: async (port) => dropDatabase(port),
  disposal: (_port, { name, bytes, tables, traces = [] }) => ({
    overwritten: [],
    removedOnly: [said('wiped-database', { name, bytes, tables })],
    stillThere: traces,
    notLookedAt: [],
  }),
  left: async (port) => ((await lookForDatabase(port)).exists ? [`database ${port.database}`] : []),
  forget: forgetOldSide,
}

/** A slot that is read, and any subscription, keep a database from being dropped. @throws ReplicatedByOthersError */
async function assertNotReplicated(port: DatabasePort): Promise<void> {
  const { rows } = await withClient(port, 'wipe', async (client) =>
    client.query<{ words: string }>(
      `select format('slot "%s", read by process %s (%s %s)', s.slot_name, s.active_pid, a.application_name,
                     coalesce(host(a.client_addr), 'local')) as words
         from pg_replication_slots s left join pg_stat_activity a on a.pid = s.active_pid
        where s.database = current_database() and s.active and s.slot_name !~ '^qianyun_.+_g[0-9]+$'
       union all
       select format('subscription "%s"', s.subname) from pg_subscription s join pg_database d on d.oid = s.subdbid
        where d.datname = current_database() and s.subname !~ '^qianyun_.+_g[0-9]+$'`,
    ),
  )
  if (rows.length > 0)
    throw new ReplicatedByOthersError(
      sideName(port),
      rows.map(({ words }) => words),
    )
}
