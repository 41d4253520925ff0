import { setTimeout as sleep } from 'node:timers/promises'
import { saidBy } from '../../../domain/errors.ts'
import { MysqlSideStaleError, MysqlUnsettledError } from '../errors.ts'
import { lookAtChannel, startChannel } from '../server/channel.ts'
import { letIn, openSide } from '../sides/open.ts'
import { type ReadRecord, readRecord, recordOf } from '../sides/record.ts'
import { isStale, verdictOf } from '../sides/verdict.ts'
import { type MysqlSide, withSession } from '../side.ts'
import { followBack, openDecided } from './conclude.ts'
import { relieveGuard } from './guard-event.ts'

/** The way back has no bound of its own here: its health says what becomes of it. */
const untilDone = new AbortController().signal

/** A pair of which one side serves and lets everybody in, with the record that decided for it. */
export interface SettledPair {
  readonly serves: 'from' | 'to' | 'none'
  readonly undone: boolean
  readonly decided: ReadRecord | undefined
}

/**
 * Brings a pair to exactly one side that serves, by what both have on record, and has the other one follow it. Run again it changes nothing.
 * @throws MysqlUnsettledError while the server that decides does not answer; MysqlBothServeError
 */
export async function settled(from: MysqlSide, to: MysqlSide, patienceMs: number): Promise<SettledPair> {
  const [own, other] = await Promise.all([
    patiently(from, patienceMs, async () => recordOf(from)),
    patiently(to, patienceMs, async () => recordOf(to)),
  ])
  const serves = verdictOf(own, other, { from: from.name, to: to.name })
  // It lets people in, and whoever has it closed has to know what they wrote there.
  if (own !== undefined && other !== undefined && (isStale(own, other) || isStale(other, own)))
    throw new MysqlSideStaleError(
      ...(isStale(own, other) ? ([from.name, to.name] as const) : ([to.name, from.name] as const)),
    )
  if (serves === 'none') return { serves, undone: false, decided: undefined }
  const [port, left, leftRecord] = serves === 'from' ? [from, to, other] : [to, from, own]
  const undone = await withSession(port, async (session) => {
    const read = await readRecord(session, port)
    if (
      read?.state === 'closed' &&
      !(leftRecord?.decided === true && leftRecord.generation >= read.generation)
    ) {
      await openSide(session, port, read, { generation: read.generation, fence: undefined })
      await relieveGuard(session)
      return true
    }
    if (leftRecord?.decided === true) await openDecided(session, port, leftRecord)
    else if (read !== undefined) await letIn(session, port, read)
    return false
  })
  if (leftRecord?.decided === true) {
    await followBack({ left, serves: port }, leftRecord.detail.last ?? '', untilDone).catch(() => undefined)
    return { serves, undone, decided: leftRecord }
  }
  if (leftRecord !== undefined && leftRecord.detail.unfinished !== true)
    await withSession(left, async (session) => {
      if ((await lookAtChannel(session)) !== undefined) await startChannel(session)
    }).catch(() => undefined)
  return { serves, undone, decided: undefined }
}

async function patiently<T>(side: MysqlSide, patienceMs: number, work: () => Promise<T>): Promise<T> {
  const giveUpAtMs = Date.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (Date.now() >= giveUpAtMs) throw new MysqlUnsettledError(side.name, saidBy(error), { cause: error })
      await sleep(200)
    }
  }
}
