import type { WatchedMove } from '../domain/move/watched-move.ts'
import { datasetsOf } from '../domain/plan/places.ts'
import type { MeasurementsPort } from '../domain/ports/measurements.ts'
import { families } from '../families/index.ts'
import type { WayBackWatcher } from '../families/way-back.ts'
import type { PlanPlaces } from './plan-places.ts'

export interface WatcherParts {
  readonly places: Pick<PlanPlaces, 'opened'>
  readonly measurements: Pick<MeasurementsPort, 'newestArrivalMs'>
}

/** What watches the way back of datasets, by the name of their family. */
export type WayBackWatchers = ReadonlyMap<string, WayBackWatcher>

/**
 * Loads what watches the way back of every family's datasets. Until it is told which moves to keep, it only looks: what does
 * not follow by itself is not kept up.
 */
export async function wayBackWatchers({ places, measurements }: WatcherParts): Promise<WayBackWatchers> {
  const watchers = new Map<string, WayBackWatcher>()
  for (const listed of families) {
    const { implementation: family } = await listed.load()
    const watcher = family.health?.({
      opened: (move, dataset, role) => places.opened(family, move, dataset, role),
      whileServing: async (move, signal, work) => whileServing(watchers, move, signal, work),
      // What an earlier guard measured; else the cutover: until then everything came from the old side.
      lastKnownAsOfMs: async ({ migration, switches }, dataset) =>
        Math.max(switches.at(-1)?.atMs ?? 0, (await measurements.newestArrivalMs(migration, dataset)) ?? 0),
    })
    if (watcher !== undefined) watchers.set(listed.name, watcher)
  }
  return watchers
}

/** Lets go of everything. What the watchers began on hosts has ended when this resolves. */
export async function stopAll(watchers: WayBackWatchers): Promise<void> {
  await Promise.all([...watchers.values()].map(async (watcher) => watcher.stop()))
}

/**
 * Runs `work` as long as the new side serves by the word of every dataset of the move that has it on record. Where none has,
 * the move's own record decides: its work is ended when it is no longer in retention, or goes back.
 */
async function whileServing(
  watchers: WayBackWatchers,
  move: WatchedMove,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const guarded = datasetsOf(move.plan).reduceRight<typeof work>((inner, { name, family }) => {
    const watcher = watchers.get(family)
    if (watcher?.whileServing === undefined) return inner
    return async (outer) => watcher.whileServing?.(move, name, outer, inner)
  }, work)
  await guarded(signal)
}
