import { keepClosed, pointAt } from '../replicate/follow.ts'
import {
  awaitRunning,
  dropChannel,
  lookAtChannel,
  setPosition,
  startChannel,
  stopChannel,
} from '../server/channel.ts'
import { covers } from '../server/gtid.ts'
import { openSide, letIn } from '../sides/open.ts'
import { type ReadRecord, readRecord } from '../sides/record.ts'
import { type MysqlSide, withSession } from '../side.ts'
import type { Session } from '../server/session.ts'
import { relieveGuard } from './guard-event.ts'

const connectWithinMs = 20_000

/** Opens the side that a switch was decided for. Run again it goes on. */
export async function openDecided(session: Session, to: MysqlSide, decided: ReadRecord): Promise<void> {
  await stopChannel(session)
  const read = await readRecord(session, to)
  if (read === undefined) throw new RangeError(`${to.name} has no record`)
  if (read.state === 'open' && read.generation >= decided.generation) await letIn(session, to, read)
  else await openSide(session, to, read, { generation: decided.generation, fence: decided.detail.fence })
  await dropChannel(session)
}

/**
 * Has the side that was left follow the one that serves, from its own last transaction on. Run again it changes nothing: what it has taken
 * since stays.
 */
export async function followBack(
  { left, serves }: Readonly<Record<'left' | 'serves', MysqlSide>>,
  last: string,
  signal: AbortSignal,
): Promise<void> {
  await withSession(left, async (session) => {
    await keepClosed(session)
    await relieveGuard(session)
    if ((await lookAtChannel(session)) === undefined) await pointAt(left, serves)
    const { position } = await session.row<{ position: string }>('SELECT @@GLOBAL.gtid_slave_pos AS position')
    if (!covers(position, last)) {
      await stopChannel(session)
      await setPosition(session, last)
    }
    await startChannel(session)
    await awaitRunning(session, left, { applies: true, timeoutMs: connectWithinMs, signal })
  })
}
