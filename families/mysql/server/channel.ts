import { setTimeout as sleep } from 'node:timers/promises'
import { inForeignWords, said } from '../../../domain/words/said.ts'
import { MysqlBehindError, MysqlChannelError } from '../errors.ts'
import type { MysqlSide } from '../side.ts'
import { text } from './quote.ts'
import type { Numeral, Session } from './session.ts'

/** The channel by which a side follows the other one. */
const channel = "'qianyun'"

/** How a side follows the other one. */
export interface ChannelLook {
  /** Whether the log is fetched, and whether it is applied. */
  readonly fetches: 'yes' | 'no' | 'connecting'
  readonly applies: boolean
  readonly error: string
  readonly errno: number
  /** What it has of the other side. */
  readonly position: string
  /** What it has fetched of the other side. */
  readonly fetched: string
  readonly behindSeconds: number | undefined
  readonly server: string
}

/** Undefined when there is no channel. */
export async function lookAtChannel(session: Session): Promise<ChannelLook | undefined> {
  const all = await session.rows('SHOW ALL SLAVES STATUS')
  const found = all.find((one) => one['Connection_name'] === 'qianyun')
  if (found === undefined) return undefined
  const { position } = await session.row<{ position: string }>('SELECT @@GLOBAL.gtid_slave_pos AS position')
  const value = (name: string): string => {
    const one = found[name]
    return typeof one === 'string' || typeof one === 'number' ? String(one) : ''
  }
  const io = value('Slave_IO_Running')
  const behind = value('Seconds_Behind_Master')
  return {
    fetches: io === 'Yes' ? 'yes' : io === 'No' ? 'no' : 'connecting',
    applies: value('Slave_SQL_Running') === 'Yes',
    error: value('Last_SQL_Error') || value('Last_IO_Error'),
    errno: Number(value('Last_SQL_Errno')) || Number(value('Last_IO_Errno')),
    position,
    fetched: value('Gtid_IO_Pos'),
    behindSeconds: behind === '' ? undefined : Number(behind),
    server: `${value('Master_Host')}:${value('Master_Port')}`,
  }
}

/** Other channels by which a server follows somebody, by what they follow. */
export async function otherChannels(session: Session): Promise<readonly string[]> {
  const all = await session.rows('SHOW ALL SLAVES STATUS')
  return all
    .filter((one) => one['Connection_name'] !== 'qianyun')
    .map((one) => `"${String(one['Connection_name'])}" (${String(one['Master_Host'])})`)
}

/** Points the channel at the side that is followed. It is not started. */
export async function pointChannel(
  session: Session,
  followed: MysqlSide,
  { user, password }: Readonly<Record<'user' | 'password', string>>,
): Promise<void> {
  await stopChannel(session)
  const { replicationAddress, port, tls } = followed
  await session.run(
    `CHANGE MASTER ${channel} TO MASTER_HOST = ${text(replicationAddress)}, MASTER_PORT = ${String(port)},
       MASTER_USER = ${text(user)}, MASTER_PASSWORD = ${text(password)}, MASTER_USE_GTID = slave_pos,
       MASTER_CONNECT_RETRY = 1, MASTER_HEARTBEAT_PERIOD = 2, MASTER_SSL = ${tls === undefined ? '0' : '1'},
       MASTER_SSL_VERIFY_SERVER_CERT = ${tls === undefined ? '0' : '1'}`,
  )
}

/** Changes that do not touch each other are applied by several threads: one alone falls behind several writers. */
const threads = 4

/** Follows, from where it stopped. */
export async function startChannel(session: Session): Promise<void> {
  const look = await lookAtChannel(session)
  if (look?.fetches === 'no' && !look.applies)
    await session.run(`SET GLOBAL slave_parallel_threads = ${String(threads)}`)
  await session.run(`START SLAVE ${channel}`)
}

/** Fetches without applying. */
export async function startFetching(session: Session): Promise<void> {
  await session.run(`START SLAVE ${channel} IO_THREAD`)
}

/** Follows up to a position, and stops there. */
export async function startUntil(session: Session, position: string): Promise<void> {
  await session.run(`START SLAVE ${channel} UNTIL MASTER_GTID_POS = ${text(position)}`)
}

/** Harmless where nothing runs, or there is no channel. */
export async function stopChannel(session: Session): Promise<void> {
  if ((await lookAtChannel(session)) === undefined) return
  await session.run(`STOP SLAVE ${channel}`)
}

/** Ends the channel for good. Harmless where there is none. */
export async function dropChannel(session: Session): Promise<void> {
  if ((await lookAtChannel(session)) === undefined) return
  await session.run(`STOP SLAVE ${channel}`)
  await session.run(`RESET SLAVE ${channel} ALL`)
}

/** Sets from where a side follows; nothing may follow meanwhile. */
export async function setPosition(session: Session, position: string): Promise<void> {
  await session.run(`SET GLOBAL gtid_slave_pos = ${text(position)}`)
}

/** Waits until a side has everything up to a position. @throws MysqlBehindError */
export async function awaitPosition(
  session: Session,
  side: MysqlSide,
  position: string,
  timeoutMs: number,
): Promise<void> {
  const seconds = (timeoutMs / 1_000).toFixed(3)
  const { reached } = await session.row<{ reached: Numeral }>(
    `SELECT MASTER_GTID_WAIT(${text(position)}, ${seconds}) AS reached`,
  )
  if (Number(reached) !== 0) throw new MysqlBehindError(side.name, position, timeoutMs)
}

/** Waits until a side fetches, and applies where that is wanted. @throws MysqlChannelError */
export async function awaitRunning(
  session: Session,
  side: MysqlSide,
  { applies, timeoutMs, signal }: { applies: boolean; timeoutMs: number; signal: AbortSignal },
): Promise<void> {
  const giveUpAtMs = Date.now() + timeoutMs
  for (;;) {
    const look = await lookAtChannel(session)
    if (look?.fetches === 'yes' && (look.applies || !applies)) return
    const isBroken = look !== undefined && look.errno !== 0 && look.fetches !== 'connecting'
    if (isBroken || Date.now() > giveUpAtMs) {
      const error = look?.error ?? ''
      throw new MysqlChannelError(
        side.name,
        error === '' ? said('mysql-does-not-connect') : inForeignWords(error),
      )
    }
    await sleep(20, undefined, { signal })
  }
}
