import { setTimeout as sleep } from 'node:timers/promises'
import { said } from '../../../domain/words/said.ts'
import { MysqlChannelError, MysqlSideServesError, MysqlUnreachableError } from '../errors.ts'
import { dropChannel, lookAtChannel } from '../server/channel.ts'
import { covers } from '../server/gtid.ts'
import type { Session } from '../server/session.ts'
import { openSide } from '../sides/open.ts'
import { readRecord } from '../sides/record.ts'
import { type MysqlSide, withSession } from '../side.ts'

export interface OpenAlonePlan {
  readonly gone: MysqlSide
  readonly to: MysqlSide
  /** How long the side that is lost is tried to be reached before it is taken for lost. */
  readonly lookTimeoutMs: number
  /** How long what has arrived may take to be applied. */
  readonly applyWithinMs: number
  readonly signal: AbortSignal
}

/** Plain JSON. */
export interface OpenedAlone {
  readonly generation: number
  /** The last transaction that had arrived. What the lost side took after it is lost. */
  readonly position: string
  /** It has everything that was written until then, at least. */
  readonly currentUntil: string
}

/**
 * Opens a side that a switch has left, without the one that served and is lost. Everything that had arrived is applied first. Run again it
 * goes on.
 * @throws MysqlSideServesError where the lost side answers, or this one was never left by a switch
 */
export async function openAlone({
  gone,
  to,
  lookTimeoutMs,
  applyWithinMs,
  signal,
}: OpenAlonePlan): Promise<OpenedAlone> {
  if (await answers(gone, lookTimeoutMs)) throw new MysqlSideServesError(gone.name, 'open')
  return withSession(to, async (session) => {
    const read = await readRecord(session, to)
    if (read === undefined || (read.state !== 'open' && !read.decided))
      throw new MysqlSideServesError(to.name, read?.state ?? 'unknown')
    const position = await applied(session, to, applyWithinMs, signal)
    if (read.state === 'open') return { generation: read.generation, position, currentUntil: read.since }
    await dropChannel(session)
    const opened = await openSide(session, to, read, { generation: read.generation + 1, fence: undefined })
    return { generation: opened.generation, position, currentUntil: read.since }
  })
}

/** A server that refuses a login answers as well. */
async function answers(side: MysqlSide, lookTimeoutMs: number): Promise<boolean> {
  try {
    const session = await side.connect({ connectTimeoutMs: lookTimeoutMs, answersWithinMs: lookTimeoutMs })
    await session.end()
    return true
  } catch (error) {
    return !(error instanceof MysqlUnreachableError) || error.errno !== undefined
  }
}

/** @throws MysqlChannelError where what has arrived cannot be applied */
async function applied(
  session: Session,
  side: MysqlSide,
  withinMs: number,
  signal: AbortSignal,
): Promise<string> {
  const giveUpAtMs = Date.now() + withinMs
  for (;;) {
    const look = await lookAtChannel(session)
    if (look === undefined || covers(look.position, look.fetched)) return look?.position ?? ''
    if (Date.now() > giveUpAtMs) throw new MysqlChannelError(side.name, said('mysql-not-applied'))
    await sleep(100, undefined, { signal })
  }
}
