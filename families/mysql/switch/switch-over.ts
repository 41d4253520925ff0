import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf, saidBy } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import {
  MysqlChannelError,
  MysqlDeadlineError,
  MysqlSwitchAbortedError,
  MysqlSwitchUnfinishedError,
  MysqlTooLateError,
  MysqlUnsettledError,
} from '../errors.ts'
import { followerOf } from '../server/accounts.ts'
import { startChannel } from '../server/channel.ts'
import { openSide } from '../sides/open.ts'
import { type ReadRecord, ensureControl, readRecord, recordOf, writeRecord } from '../sides/record.ts'
import { alone } from '../sides/alone.ts'
import { type MysqlSide, withSession } from '../side.ts'
import { followBack, openDecided } from './conclude.ts'
import { fenceOf, gap } from './gap.ts'
import { relieveGuard } from './guard-event.ts'
import { Clock, type SwitchPlan, type SwitchResult } from './plan.ts'
import { assertReady, type Parts } from './ready.ts'
import { settled, type SettledPair } from './settle.ts'

/** A gap that has begun is brought to its end even if the run is asked to stop. */
const untilDone = new AbortController().signal

/**
 * Makes the side `to` serve, or finds that it does. The change of the record of `from` that says so is the commit point: whoever undoes the
 * switch changes the same record, so one of them fails. It may be killed anywhere and run again, and goes on from what both have on record.
 * @throws MysqlSwitchAbortedError and every refusal of the checks, after which `from` serves; MysqlUnsettledError, MysqlBothServeError
 */
export async function switchOver(plan: SwitchPlan): Promise<SwitchResult> {
  const { from, to } = plan
  await Promise.all([ensureControl(from), ensureControl(to)])
  return alone([from, to], async () => settledOrSwitched(plan))
}

async function settledOrSwitched(plan: SwitchPlan): Promise<SwitchResult> {
  const { from, to } = plan
  const found = await settled(from, to, plan.recoverForMs)
  if (found.serves === 'to') {
    plan.say(`${to.name} serves already`)
    return resultOf(found.decided)
  }
  if (found.serves === 'none') throw new MysqlChannelError(to.name, said('mysql-no-channel'))
  const parts = await openParts(plan)
  try {
    return await oneSwitch(plan, parts)
  } finally {
    await Promise.all([parts.from.end(), parts.logged.end(), parts.to.end()])
  }
}

async function openParts({ from, to }: SwitchPlan): Promise<Parts> {
  const [own, logged, other] = await Promise.all([
    from.connect(),
    from.connect({ logged: true }),
    to.connect(),
  ])
  return { from: own, logged, to: other }
}

async function oneSwitch(plan: SwitchPlan, parts: Parts): Promise<SwitchResult> {
  const { from, to, signal, notAfterMs, deadlineMs } = plan
  const waiting = await readRecord(parts.to, to)
  if (waiting === undefined || waiting.detail.unfinished === true)
    throw new MysqlChannelError(to.name, said('mysql-no-channel'))
  await assertReady(plan, parts, waiting)
  const records = await Promise.all([readRecord(parts.from, from), readRecord(parts.to, to)])
  const fence = await fenceOf(parts.from, from, followerOf(to))
  const [own, other] = records
  if (own === undefined || other === undefined) throw new MysqlChannelError(to.name, said('mysql-no-channel'))
  if (notAfterMs !== undefined && Date.now() + deadlineMs > notAfterMs)
    throw new MysqlTooLateError(deadlineMs, new Date(notAfterMs).toISOString())
  signal.throwIfAborted()
  const clock = new Clock(plan.onPart)
  let decided: ReadRecord
  try {
    decided = await within(deadlineMs, async (late) =>
      gap(plan, parts, { from: own, to: other, fence }, clock, late),
    )
  } catch (error) {
    // Their statements may still be under way; what undoes the switch has connections of its own.
    for (const session of Object.values(parts)) (session as Parts['from']).destroy()
    const undone = await undo(plan, error)
    if (undone.serves === 'from')
      throw new MysqlSwitchAbortedError(clock.part, from.name, clock.elapsedMs(), saidBy(error), {
        cause: error,
      })
    return resultOf(undone.decided)
  }
  await clock.run('open', async () => openPatiently(plan, parts, decided))
  const gapMs = clock.elapsedMs()
  const { gapBound: _measured, ...known } = resultOf(decided)
  const result = { ...known, anatomyMs: { ...clock.spent }, gapMs }
  // If it cannot be recorded, the result still has it.
  await recordResult(parts, from, decided, result).catch(() => undefined)
  // The other side serves, whatever becomes of the way back: its health says so.
  await followBack({ left: from, serves: to }, decided.detail.last ?? '', untilDone).catch(
    (error: unknown) => {
      plan.say(`the way back does not follow yet: ${messageOf(error)}`)
    },
  )
  return result
}

/** A run that finds the switch made tells what it had come to. */
async function recordResult(
  { from: session }: Parts,
  from: MysqlSide,
  decided: ReadRecord,
  result: SwitchResult,
): Promise<void> {
  const detail = { ...decided.detail, switched: { ...result } }
  await writeRecord(session, from, decided, { ...decided, detail })
}

/** Past the commit point a server that is lost is waited for, as long as a plan allows. @throws MysqlSwitchUnfinishedError */
async function openPatiently(
  { to, recoverForMs }: SwitchPlan,
  parts: Parts,
  decided: ReadRecord,
): Promise<void> {
  const giveUpAtMs = Date.now() + recoverForMs
  try {
    await openDecided(parts.to, to, decided)
  } catch (error) {
    let last = error
    while (Date.now() < giveUpAtMs) {
      try {
        await withSession(to, async (session) => openDecided(session, to, decided))
        return
      } catch (again) {
        last = again
        await sleep(200)
      }
    }
    throw new MysqlSwitchUnfinishedError(to.name, saidBy(last), { cause: last })
  }
}

/** Does something that ends with an error once its time is over, whatever it waits for. @throws MysqlDeadlineError */
async function within<T>(timeoutMs: number, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const over = new AbortController()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const error = new MysqlDeadlineError(timeoutMs)
      over.abort(error)
      reject(error)
    }, timeoutMs)
  })
  try {
    return await Promise.race([work(over.signal), late])
  } finally {
    clearTimeout(timer)
  }
}

function resultOf(decided: ReadRecord | undefined): SwitchResult {
  const switched = (decided?.detail.switched ?? {}) as Partial<SwitchResult>
  return {
    sessionsEnded: 0,
    last: '',
    anatomyMs: {},
    ...switched,
    generation: decided?.generation ?? 0,
    ...(switched.gapMs === undefined && decided !== undefined
      ? { gapMs: Date.now() - Date.parse(decided.since), gapBound: 'at-most' as const }
      : {}),
  }
}

/** After a gap that failed: one side serves again, or the one it was decided for. @throws MysqlUnsettledError */
async function undo({ from, to, recoverForMs }: SwitchPlan, cause: unknown): Promise<SettledPair> {
  const giveUpAtMs = Date.now() + recoverForMs
  for (;;) {
    try {
      const own = await recordOf(from)
      if (own?.state === 'closed' && !own.decided) {
        // The record of this side alone decides: the other server need not answer.
        await withSession(from, async (session) => {
          await openSide(session, from, own, { generation: own.generation, fence: undefined })
          await relieveGuard(session)
        })
        await withSession(to, startChannel).catch(() => undefined)
        return { serves: 'from', undone: true, decided: undefined }
      }
      return await settled(from, to, 0)
    } catch (error) {
      if (Date.now() > giveUpAtMs) throw new MysqlUnsettledError(from.name, saidBy(cause), { cause: error })
      await sleep(200)
    }
  }
}
