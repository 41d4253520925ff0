import type { Figures } from '../figures.ts'
import { noteCopy } from '../record.ts'
import type { CommandsSide } from '../side.ts'
import { type Given, givenBy, transfer, type TransferOptions } from '../transfer.ts'

export interface ColdCopyOptions extends TransferOptions {
  readonly stopTimeoutMs: number
  readonly startTimeoutMs: number
  readonly timeoutMs: number
}

/** A copy of a side that went on serving. Plain JSON. */
export interface ColdCopyResult {
  readonly bytes: number
  /** What nobody would have been served for: the copy between a stop and a start, each with its proof, and the figures. */
  readonly stopMs: number
  readonly copyMs: number
  readonly measureMs: number
  readonly startMs: number
  /** The figures of `from` right before and right after, and those of the copy. */
  readonly before: Figures
  readonly after: Figures
  readonly copy: Figures
}

/** Copies a side that goes on serving into one that is stopped for it and started again. @throws ColdSideServesError */
export async function copyWhileServing(
  from: CommandsSide,
  to: CommandsSide,
  options: ColdCopyOptions,
): Promise<ColdCopyResult> {
  const { stopTimeoutMs, startTimeoutMs, timeoutMs, signal } = options
  await noteCopy(to)
  const [, stopMs] = await timed(async () => to.halt({ timeoutMs: stopTimeoutMs, signal }))
  const before = await from.measure({ timeoutMs, signal })
  const [given, copyMs] = await timed(async () => transfer(from, to, options))
  const after = await from.measure({ timeoutMs, signal })
  const [copy, measureMs] = await timed(async () => to.measure({ timeoutMs, signal }))
  const again = to.place.scripts.give === undefined ? undefined : await givenBy(to, options)
  const [, startMs] = await timed(async () => to.serve({ timeoutMs: startTimeoutMs, signal }))
  // What was given stood still, whatever has changed at `from` since.
  const withGiven = (figures: Figures, one: Given | undefined): Figures =>
    again === undefined || one === undefined ? figures : { ...figures, [givenFigure]: one.digest }
  return {
    ...{ bytes: given.bytes, stopMs, copyMs, measureMs, startMs },
    before: withGiven(before, given),
    after: withGiven(after, given),
    copy: withGiven(copy, again),
  }
}

/** The figure of what `give` prints, where the copy has one too: SHA-256. */
const givenFigure = 'sha256-of-give'

async function timed<T>(work: () => Promise<T>): Promise<readonly [T, ms: number]> {
  const began = performance.now()
  const done = await work()
  return [done, Math.round(performance.now() - began)]
}
