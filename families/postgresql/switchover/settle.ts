import type { Console } from '../pgbouncer/admin.ts'
import { entryLine } from '../pgbouncer/entry-line.ts'
import { writeEntry } from '../pgbouncer/entry-file.ts'
import { EntryPointsElsewhereError } from '../pgbouncer/errors.ts'
import { type SideState, readState } from '../server/control.ts'
import { SideStateChangedError } from '../errors.ts'
import { type GapEnder, settleGaps } from './gap-record.ts'
import type { DatabasePort } from '../database.ts'
import { decide } from './decide.ts'
import { type Parts, place, sameTarget, targetOf } from './parts.ts'
import type { Entry, SwitchPlan } from './plan.ts'
import { noteGapEnd } from './release.ts'
import { openSide } from './serve.ts'

/** Where a pair stands after it was brought to exactly one open side. */
export type Standing =
  | { readonly serves: 'from'; readonly from: SideState; readonly to: SideState; readonly undone: boolean }
  | { readonly serves: 'to'; readonly from: SideState; readonly to: SideState }

/**
 * Brings a pair to one open side whose clients go on, whatever a run that ended midway left behind. The truth is read
 * from the databases: with the new side open the switch goes forward, else it is undone, the new side first claimed so
 * that nobody can open it any more. A gap that was still open has its end on record afterwards, ended `by` whom.
 * @throws BothSidesOpenError, SideStaleError, SideStateChangedError, EntryPointsElsewhereError
 */
export async function settle(plan: SwitchPlan, parts: Parts, by: GapEnder): Promise<Standing> {
  const standing = await settleSides(plan, parts)
  const { serves } = standing
  await settleEntry(plan, parts.console, plan[serves], async (wasPaused) =>
    noteGapEnd(parts, { entry: plan.entry.name, serves, by, wasPaused }),
  )
  for (const { control, port } of [parts.from, parts.to]) await settleGaps(control, port.database)
  return standing
}

async function settleSides(
  plan: Pick<SwitchPlan, 'from' | 'to'>,
  sides: Pick<Parts, 'from' | 'to'>,
): Promise<Standing> {
  for (let round = 1; ; round++) {
    try {
      return await settleOnce(plan, sides)
    } catch (error) {
      if (!(error instanceof SideStateChangedError) || round >= 5) throw error
    }
  }
}

async function settleOnce(
  plan: Pick<SwitchPlan, 'from' | 'to'>,
  { from, to }: Pick<Parts, 'from' | 'to'>,
): Promise<Standing> {
  const read = async () => Promise.all([readState(from.control, plan.from), readState(to.control, plan.to)])
  const [left, right] = await read()
  const verdict = decide({ from: left, to: right }, plan, {})
  if (!('serves' in verdict)) throw new Error('both sides have said what is open')
  const undone = await openSide({ from, to }, { from: left, to: right }, verdict.serves)
  const [fromNow, toNow] = await read()
  return { serves: verdict.serves, from: fromNow, to: toNow, undone }
}

/**
 * Points the entry at the side that serves and lets its clients go on; `letGo` is told as soon as they do. Clients whose
 * pgbouncer points there already wait for nothing more, whatever becomes of its file. Where pgbouncer does not answer the file is
 * put right all the same: it is read again when pgbouncer comes back.
 * @throws EntryPointsElsewhereError, and what `entryLine` throws
 */
export async function settleEntry(
  {
    entry,
    from,
    to,
  }: {
    readonly entry: Pick<Entry, 'name'> & Partial<Pick<Entry, 'host' | 'file'>>
    readonly from: DatabasePort
    readonly to: DatabasePort
  },
  console: Console | undefined,
  serving: DatabasePort,
  letGo: (wasPaused: boolean) => Promise<void>,
): Promise<void> {
  const running = await console?.look(entry.name)
  const there = running !== undefined && sameTarget(running, targetOf(serving))
  if (there) {
    await console?.resume(entry.name)
    await letGo(running.paused)
  }
  const { host, file } = entry
  if (host !== undefined && file !== undefined) {
    const found = await entryLine(host, file, entry.name, targetOf(serving))
    if (![from, to].some((side) => sameTarget(found, targetOf(side)))) {
      throw new EntryPointsElsewhereError(
        entry.name,
        `${found.host}:${found.port}/${found.database}`,
        place(serving),
      )
    }
    await writeEntry(host, file, entry.name, targetOf(serving))
  } else if (running !== undefined && !there) {
    throw new EntryPointsElsewhereError(
      entry.name,
      place({ ...running, address: running.host }),
      place(serving),
    )
  }
  if (there || running === undefined) return
  await console?.reload()
  await console?.resume(entry.name)
  await letGo(running.paused)
}
