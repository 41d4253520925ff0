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

/** The state of a pair that was brought to exactly one open side. */
export type Standing =
  | { readonly serves: 'from'; readonly from: SideState; readonly to: SideState; readonly undone: boolean }
  | { readonly serves: 'to'; readonly from: SideState; readonly to: SideState }

/**
 * Brings a pair to one open side with resumed clients, whatever an interrupted run left behind. The state is read from the databases:
 * if the side `to` is open, the switch is completed; otherwise it is undone, after claiming the side `to` so that no other run can open
 * it. The end of an open gap is recorded, with `by`.
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
 * Points the entry at the side that serves and resumes its clients; `letGo` is called as soon as they are resumed. If pgbouncer already
 * points there, clients are resumed before the file is corrected. If pgbouncer does not answer, the file is corrected anyway, because
 * pgbouncer reads it when it comes back.
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
