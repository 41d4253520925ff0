import type { MeasurementsPort } from '../domain/ports/measurements.ts'
import type { WatchedMove } from '../domain/move/watched-move.ts'
import { FilesBack } from '../families/files/files-back.ts'
import { PostgresWayBack } from '../families/postgresql/health.ts'
import type { WayBackWatcher } from '../families/way-back.ts'
import type { PlanPlaces } from './plan-places.ts'

export interface WatcherParts {
  readonly places: Pick<PlanPlaces, 'host' | 'database'>
  readonly measurements: Pick<MeasurementsPort, 'newestArrivalMs'>
}

/** What the new side takes in between two passes is lost with its host. */
const filesRestMs = { lab: 2_000, production: 60_000 } as const

/** What looks at the way back without anything being kept up for it: enough to see it armed. */
export function armingWatchers({ places }: Pick<WatcherParts, 'places'>): readonly WayBackWatcher[] {
  return [new PostgresWayBack((plan, role) => places.database(plan, role))]
}

/** What watches the way back of every family's datasets, and keeps up what does not follow by itself. */
export function wayBackWatchers({ places, measurements }: WatcherParts): readonly WayBackWatcher[] {
  const following = armingWatchers({ places })
  const files = new FilesBack({
    hostOf: (move, host) => places.host(move.plan, host, move.hostKeys),
    whileServing: async (move, signal, work) => whileServing(following, move, signal, work),
    restMs: ({ plan }) => filesRestMs[plan.policy.profile],
    // What an earlier guard measured; else the cutover: until then files came from the old side.
    lastKnownAsOfMs: async ({ migration, switches }, dataset) =>
      Math.max(switches.at(-1)?.atMs ?? 0, (await measurements.newestArrivalMs(migration, dataset)) ?? 0),
  })
  return [...following, files]
}

/**
 * Runs `work` as long as the new side serves by the word of every dataset of the move that has it on record. Where none has,
 * the move's own record decides: its work is ended when it is no longer in retention, or goes back.
 */
async function whileServing(
  watchers: readonly WayBackWatcher[],
  move: WatchedMove,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const telling = watchers.filter((one) => one.whileServing && one.datasetsOf(move.plan).length > 0)
  const guarded = telling.reduceRight<typeof work>(
    (inner, watcher) => async (outer) => watcher.whileServing?.(move, outer, inner),
    work,
  )
  await guarded(signal)
}
