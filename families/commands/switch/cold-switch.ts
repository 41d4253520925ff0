import { saidBy } from '../../../domain/errors.ts'
import { before } from '../deadline.ts'
import {
  ColdBeingFilledError,
  ColdBothServeError,
  ColdBothStoppedError,
  ColdDecidedError,
  ColdSwitchAbortedError,
  ColdTooLateError,
  FiguresDifferError,
} from '../errors.ts'
import { differencesBetween } from '../figures.ts'
import { type ReadRecord, readRecord, type SideRecord, writeRecord } from '../record.ts'
import type { CommandsSide } from '../side.ts'
import { transfer } from '../transfer.ts'
import { type ColdPart, type ColdSwitchPlan, type ColdSwitchResult, isCopiedTo } from './plan.ts'
import { assertReady } from './ready.ts'
import { leaveWatchdog, sayAlive } from './watchdog.ts'

/**
 * Makes the side `to` serve: `from` is stopped and proved to be, everything is copied, the figures of both are compared, and the record of
 * `from` says that this is decided, which is the commit point. Before it any failure starts `from` again; after it the switch goes
 * on. Run again it goes on from the records of both sides.
 * @throws ColdNotReadyError, ColdTooLateError with nothing changed; ColdSwitchAbortedError with `from` serving; ColdBothStoppedError,
 * ColdBothServeError; after the commit point the error of `start`
 */
export async function coldSwitch(plan: ColdSwitchPlan): Promise<ColdSwitchResult> {
  const { from, to } = plan
  const [left, opened] = await Promise.all([readRecord(from), readRecord(to)])
  if (isDecided(left.record, opened.record)) return goOn(plan, left.record)
  if (left.record?.state === 'closed') return undisturbed(plan, { ...left, record: left.record })
  if (
    left.record?.state === 'open' &&
    opened.record?.state === 'open' &&
    !isStale(opened.record, left.record)
  )
    throw new ColdBothServeError(from.name, to.name)
  await assertReady(from, to)
  const now = Date.now()
  if (plan.notAfterMs !== undefined && now + plan.deadlineMs > plan.notAfterMs)
    throw new ColdTooLateError(plan.deadlineMs, new Date(plan.notAfterMs).toISOString())
  const closed: SideRecord = {
    state: 'closed',
    generation: Math.max(left.record?.generation ?? 0, opened.record?.generation ?? 0) + 1,
    since: new Date(now).toISOString(),
    goesOnUntil: new Date(now + plan.deadlineMs).toISOString(),
  }
  return undisturbed(plan, { ...(await writeRecord(from, left, closed)), record: closed })
}

/** Whether a switch away from a side was decided, and none back to it since. */
export function isDecided(
  left: SideRecord | undefined,
  other: SideRecord | undefined,
): left is SideRecord & { readonly decided: true } {
  return left?.decided === true && (other?.decided !== true || other.generation < left.generation)
}

/** Whether a side is open by its own record alone: the other one was opened without it since. */
export function isStale(side: SideRecord, other: SideRecord): boolean {
  return side.state === 'open' && other.state === 'open' && other.generation > side.generation
}

/** From the closing of `from` to the decision, undone where that does not come to its end in time. */
async function undisturbed(
  plan: ColdSwitchPlan,
  closed: ReadRecord & { readonly record: SideRecord },
): Promise<ColdSwitchResult> {
  const { since, goesOnUntil = since } = closed.record
  const parts = new Clock()
  let decided: SideRecord
  const beat = setInterval(() => void sayAlive(plan.from).catch(() => undefined), plan.silentAfterMs / 4)
  try {
    await leaveWatchdog(plan.from, closed, plan.silentAfterMs)
    decided = await before(Date.parse(goesOnUntil) - Date.now(), plan.signal, async (signal) => {
      const done = await prepared({ ...plan, signal }, parts)
      signal.throwIfAborted()
      const record = {
        ...closed.record,
        decided: true as const,
        switched: { ...done, anatomyMs: parts.spent },
      }
      // Whoever has undone the switch meanwhile has changed the record, and this fails.
      await parts.time('open', async () => writeRecord(plan.from, closed, record))
      return record
    })
  } catch (error) {
    // The answer to the decision itself may have been lost.
    const { record } = await readRecord(plan.from).catch(() => closed)
    if (record?.decided !== true) return await serveAgain(plan, parts.current, Date.parse(since), error)
    decided = record
  } finally {
    clearInterval(beat)
  }
  return goOn(plan, decided, parts)
}

type Prepared = Pick<ColdSwitchResult, 'copiedBytes' | 'figures' | 'currentUntil'>

async function prepared(plan: ColdSwitchPlan, parts: Clock): Promise<Prepared> {
  const { from, to, signal, stopTimeoutMs, deadlineMs } = plan
  await parts.time('stop', async () => from.halt({ timeoutMs: stopTimeoutMs, signal }))
  if (!isCopiedTo(to)) {
    const { record } = await readRecord(to)
    return { ...(record && { currentUntil: record.since }) }
  }
  const { bytes: copiedBytes } = await parts.time('copy', async () => transfer(from, to, plan))
  const figures = await parts.time('measure', async () => {
    const options = { timeoutMs: deadlineMs, signal }
    const [one, other] = await Promise.all([from.measure(options), to.measure(options)])
    const differences = differencesBetween(one, other)
    if (differences.length > 0) throw new FiguresDifferError(differences)
    // What was started meanwhile has written past the copy.
    await from.waitUntil('is-stopped', { timeoutMs: 0, signal })
    return one
  })
  return { copiedBytes, figures }
}

/** Past the commit point: `to` is started, and nothing is undone any more. */
async function goOn(
  { to, startTimeoutMs: timeoutMs, signal }: ColdSwitchPlan,
  { generation, since, switched }: SideRecord,
  parts = new Clock(),
): Promise<ColdSwitchResult> {
  // What another run still fills in would be put in the place of what is written from here on.
  if (await to.isBeingFilled()) throw new ColdBeingFilledError(to.name)
  const opened = await readRecord(to)
  if (opened.record?.state !== 'open' || opened.record.generation < generation)
    await writeRecord(to, opened, { state: 'open', generation, since: new Date().toISOString() })
  const wasRunning = await to.asks('is-running')
  await parts.time('start', async () => {
    if (!wasRunning) await to.serve({ timeoutMs, signal })
  })
  const { anatomyMs, ...known } = (switched ?? {}) as Prepared & Pick<ColdSwitchResult, 'anatomyMs'>
  return {
    ...known,
    generation,
    anatomyMs: { ...anatomyMs, ...parts.spent },
    gapMs: Date.now() - Date.parse(since),
    // Where it ran already, a run of before has started it at a moment that nobody has on record.
    ...(wasRunning && { gapBound: 'at-most' }),
  }
}

/** Starts the side that served, and tells why. @throws always */
async function serveAgain(
  { from, startTimeoutMs }: ColdSwitchPlan,
  part: string,
  sinceMs: number,
  first: unknown,
): Promise<never> {
  try {
    await reopen(from, startTimeoutMs)
  } catch (error) {
    if (error instanceof ColdDecidedError) throw error
    throw new ColdBothStoppedError(from.name, saidBy(error), saidBy(first), { cause: error })
  }
  throw new ColdSwitchAbortedError(part, from.name, Date.now() - sinceMs, saidBy(first), { cause: first })
}

/**
 * Has a side that was closed serve again. Its record says so first: from there on no switch goes on.
 * @throws ColdDecidedError
 */
export async function reopen(side: CommandsSide, timeoutMs: number): Promise<void> {
  const read = await readRecord(side)
  if (read.record?.decided === true) throw new ColdDecidedError(side.name)
  const { generation = 0 } = read.record ?? {}
  if (read.record?.state !== 'open')
    await writeRecord(side, read, { state: 'open', generation, since: new Date().toISOString() })
  await side.serve({ timeoutMs })
}

/** How long each part took. */
class Clock {
  readonly spent: Partial<Record<ColdPart, number>> = {}
  current: ColdPart = 'stop'

  async time<T>(part: ColdPart, work: () => Promise<T>): Promise<T> {
    this.current = part
    const began = performance.now()
    try {
      return await work()
    } finally {
      this.spent[part] = Math.round(performance.now() - began)
    }
  }
}
