import { MysqlErrantError } from '../errors.ts'
import { newerOf } from '../server/gtid.ts'
import type { Session } from '../server/session.ts'
import type { MysqlSide } from '../side.ts'
import type { ReadRecord } from './record.ts'

/** Transactions a server made by itself that are newer than a state of its log: nobody else has them. */
export async function errantOf(session: Session, logState: string): Promise<readonly string[]> {
  const { server, state } = await session.row<{ server: string; state: string }>(
    'SELECT CAST(@@GLOBAL.server_id AS CHAR) AS server, @@GLOBAL.gtid_binlog_state AS state',
  )
  return newerOf(Number(server), state, logState)
}

/** Refuses a side that made transactions by itself since it was closed, or made a copy. @throws MysqlErrantError */
export async function assertNoErrant(
  session: Session,
  side: MysqlSide,
  { detail }: Pick<ReadRecord, 'detail'>,
): Promise<void> {
  const errant = await errantOf(session, detail.logState)
  if (errant.length > 0) throw new MysqlErrantError(side.name, errant)
}
