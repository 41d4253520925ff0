import { setTimeout as sleep } from 'node:timers/promises'
import { inForeignWords, said } from '../../../domain/words/said.ts'
import { MysqlChannelError, MysqlSwitchAbortedError } from '../errors.ts'
import { keepClosed, pointAt, strict } from '../replicate/follow.ts'
import { accountsOf, followerOf, lockAccounts, openAccounts } from '../server/accounts.ts'
import {
  awaitPosition,
  awaitRunning,
  dropChannel,
  lookAtChannel,
  setPosition,
  startChannel,
  startFetching,
} from '../server/channel.ts'
import type { Session } from '../server/session.ts'
import { assertNoErrant } from '../sides/errant.ts'
import type { ReadRecord } from '../sides/record.ts'
import type { SwitchPlan } from './plan.ts'

const connectWithinMs = 20_000

/** The connections of a switch, opened before anybody waits. */
export interface Parts {
  readonly from: Session
  /** What is done by it goes into the log of the side that is left. */
  readonly logged: Session
  readonly to: Session
}

/**
 * Looks whether a switch could be made now, while everybody is served: the side `to` follows and has all but the last of it, made nothing
 * by itself, and lets nobody in; the way back can be connected; and nothing is open for long that would have to be rolled back.
 * @throws MysqlChannelError, MysqlErrantError, MysqlBehindError, MysqlSwitchAbortedError
 */
export async function assertReady(plan: SwitchPlan, parts: Parts, record: ReadRecord): Promise<void> {
  const { from, to, signal } = plan
  await assertNoErrant(parts.to, to, record)
  await strict(parts.from)
  await keepClosed(parts.to)
  if ((await lookAtChannel(parts.to)) === undefined)
    throw new MysqlChannelError(to.name, said('mysql-no-channel'))
  await startChannel(parts.to)
  await awaitRunning(parts.to, to, { applies: true, timeoutMs: connectWithinMs, signal })
  // Accounts that were made since come over open.
  const open = openAccounts(await accountsOf(parts.to, [followerOf(from)]))
  await lockAccounts(parts.to, open)
  await armWayBack(plan, parts)
  await awaitQuiet(plan, parts.from)
  await awaitClose(plan, parts)
  if ((await parts.from.rows('XA RECOVER')).length > 0)
    throw new MysqlSwitchAbortedError('prove', from.name, 0, said('mysql-leak-prepared'))
}

/** The side that is left connects to the other one before anybody waits, and follows it once the switch is decided. */
async function armWayBack({ from, to, signal }: SwitchPlan, parts: Parts): Promise<void> {
  await pointAt(from, to)
  const { position } = await parts.to.row<{ position: string }>('SELECT @@GLOBAL.gtid_slave_pos AS position')
  // A position before that of its own log is refused while the server is strict, and serves here to connect by alone.
  await parts.from.run('SET GLOBAL gtid_strict_mode = OFF')
  try {
    await setPosition(parts.from, position)
  } finally {
    await strict(parts.from)
  }
  await startFetching(parts.from)
  try {
    await awaitRunning(parts.from, from, { applies: false, timeoutMs: connectWithinMs, signal })
  } finally {
    // The side that serves takes nothing from the other one.
    await dropChannel(parts.from)
  }
}

/** Behind by less than that a switch is begun: nobody waits for more. */
const closeMs = 40

/** Waits until the side `to` is right behind. @throws MysqlBehindError */
async function awaitClose({ to, quietWithinMs, signal }: SwitchPlan, parts: Parts): Promise<void> {
  const giveUpAtMs = Date.now() + quietWithinMs
  for (;;) {
    signal.throwIfAborted()
    const { position } = await parts.from.row<{ position: string }>(
      'SELECT @@GLOBAL.gtid_binlog_pos AS position',
    )
    if (position === '') return
    const began = performance.now()
    await awaitPosition(parts.to, to, position, Math.max(1, giveUpAtMs - Date.now()))
    if (performance.now() - began < closeMs) return
  }
}

async function awaitQuiet(
  { from, maxTransactionAgeMs, quietWithinMs, signal, say }: SwitchPlan,
  session: Session,
): Promise<void> {
  const giveUpAtMs = Date.now() + quietWithinMs
  for (;;) {
    // The server tells when a transaction began by its own clock on the wall.
    const old = await session.rows<{ words: string }>(
      `SET STATEMENT time_zone = 'SYSTEM' FOR SELECT CONCAT('thread ', trx_mysql_thread_id, ', ', trx_rows_modified, ' rows, since ', trx_started) AS words
         FROM information_schema.innodb_trx
        WHERE trx_rows_modified > 0 AND trx_started < NOW(6) - INTERVAL ${String(maxTransactionAgeMs * 1_000)} MICROSECOND`,
    )
    const [first] = old
    if (first === undefined) return
    if (Date.now() > giveUpAtMs)
      throw new MysqlSwitchAbortedError('fence', from.name, 0, inForeignWords(first.words))
    say(`waiting for an open transaction: ${first.words}`)
    await sleep(200, undefined, { signal })
  }
}
