import { unlockAccounts } from '../server/accounts.ts'
import { turnEvents } from '../server/events.ts'
import type { Session } from '../server/session.ts'
import type { MysqlSide } from '../side.ts'
import { strict } from '../replicate/follow.ts'
import { type Fence, type ReadRecord, writeRecord } from './record.ts'

/**
 * Opens a side that is on record as open: what a fence has taken is given back, and forgotten once it is. Run again it goes on. Nobody is let in
 * before the record says so.
 */
export async function letIn(session: Session, side: MysqlSide, record: ReadRecord): Promise<ReadRecord> {
  const { fence, ...detail } = record.detail
  await strict(session)
  await session.run('SET GLOBAL read_only = OFF')
  if (fence === undefined) return record
  await unlockAccounts(session, fence.accounts)
  await turnEvents(session, side.database, fence.events, 'ENABLE')
  return writeRecord(session, side, record, { ...record, detail })
}

/** Has a side that was closed serve. The record says so first: from there on no switch away from it goes on. */
export async function openSide(
  session: Session,
  side: MysqlSide,
  read: ReadRecord,
  { generation, fence }: { readonly generation: number; readonly fence: Fence | undefined },
): Promise<ReadRecord> {
  const { switched: _switched, goesOnUntil: _until, fence: own, ...detail } = read.detail
  const given = fence ?? own
  const record = await writeRecord(session, side, read, {
    state: 'open',
    generation,
    detail: { ...detail, ...(given && { fence: given }) },
  })
  return letIn(session, side, record)
}
