import type pg from 'pg'
import type { Console } from '../pgbouncer/admin.ts'
import { entryLine } from '../pgbouncer/entry-line.ts'
import { writeEntry } from '../pgbouncer/entry-file.ts'
import { EntryPointsElsewhereError } from '../pgbouncer/errors.ts'
import { type SideState, claimSide, freshToken, openClosedSide, readState } from '../server/control.ts'
import { SideStateChangedError } from '../errors.ts'
import type { GapEnder } from './gap-record.ts'
import type { DatabasePort } from '../database.ts'
import { BothSidesOpenError, SideStaleError, WritersWaitError } from './errors.ts'
import { type Parts, place, sameTarget, targetOf } from './parts.ts'
import type { SwitchPlan } from './plan.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { noteGapEnd } from './release.ts'

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
  return standing
}

/**
 * The databases' part of `settle`. Every state that is kept gets a fresh token: a statement of the ended run that is still
 * under way somewhere loses its compare-and-set.
 */
export async function settleSides(
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
  if (left.state === 'open' && right.state === 'open') {
    if (left.generation > right.generation)
      throw new SideStaleError(sideName(plan.to), right.generation, sideName(plan.from), left.generation)
    if (right.generation > left.generation)
      throw new SideStaleError(sideName(plan.from), left.generation, sideName(plan.to), right.generation)
    throw new BothSidesOpenError(sideName(plan.from), sideName(plan.to))
  }
  if (right.state === 'open') return { serves: 'to', from: left, to: right }
  await claimSide(to.control, plan.to, 'closed', right.token, freshToken('settled'))
  await reopen(from.control, plan.from, left)
  const [fromNow, toNow] = await read()
  return { serves: 'from', from: fromNow, to: toNow, undone: left.state === 'closed' }
}

/** Opens the side that was being left, whatever the new one says: for an abort that knows no commit was ever sent. */
export async function reopen(control: pg.Client, side: NamedSide, found?: SideState): Promise<void> {
  const state = found ?? (await readState(control, side))
  const fresh = freshToken('settled')
  if (state.state === 'open') await claimSide(control, side, 'open', state.token, fresh)
  else await openClosedSide(control, side, state.token, fresh, state.generation)
}

/**
 * Points the entry at the side that serves and lets its clients go on; `letGo` is told as soon as they do. Clients whose
 * pgbouncer points there already wait for nothing more, whatever becomes of its file.
 * @throws EntryPointsElsewhereError, and what `entryLine` throws
 */
export async function settleEntry(
  { entry, from, to }: Pick<SwitchPlan, 'entry' | 'from' | 'to'>,
  console: Console,
  serving: DatabasePort,
  letGo: (wasPaused: boolean) => Promise<void>,
): Promise<void> {
  const running = await console.look(entry.name)
  const there = sameTarget(running, targetOf(serving))
  if (there) {
    await console.resume(entry.name)
    await letGo(running.paused)
  }
  const found = await entryLine(entry.host, entry.file, entry.name, targetOf(serving))
  if (![from, to].some((side) => sameTarget(found, targetOf(side)))) {
    throw new EntryPointsElsewhereError(
      entry.name,
      `${found.host}:${found.port}/${found.database}`,
      place(serving),
    )
  }
  await writeEntry(entry.host, entry.file, entry.name, targetOf(serving))
  if (there) return
  await console.reload()
  await console.resume(entry.name)
  await letGo(running.paused)
}

/**
 * The same for a run that gives up: once clients go on, a file of the entry that could not be put right is no reason to
 * say anything else than what became of the switch. The next run puts it right.
 * @throws WritersWaitError
 */
export async function settleEntryAnyway(
  plan: SwitchPlan,
  console: Console,
  serving: DatabasePort,
  letGo: (wasPaused: boolean) => Promise<void>,
): Promise<void> {
  let goneOn = false as boolean
  try {
    await settleEntry(plan, console, serving, async (wasPaused) => {
      goneOn = true
      await letGo(wasPaused)
    })
  } catch (error) {
    if (!goneOn) throw new WritersWaitError(plan.entry.name, serving, { cause: error })
    plan.say(`not all of the entry is in order: ${error instanceof Error ? error.message : String(error)}`)
  }
}
