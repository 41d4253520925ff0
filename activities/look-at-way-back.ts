import type { ReplicationHealth } from '../domain/measurement/replication-health.ts'
import type { LookedAtMove } from '../domain/move/watched-move.ts'
import type { WayBackLimits, WayBackMeasurement } from '../domain/move/way-back.ts'
import type { WayBackWatcher } from '../families/way-back.ts'

/** One look at the way back of every dataset of a move, with the limits it is judged by. */
export async function lookAtWayBack(
  watchers: readonly WayBackWatcher[],
  move: LookedAtMove,
): Promise<{ readonly measurement: WayBackMeasurement; readonly limits: WayBackLimits }> {
  const atMs = Date.now()
  const { plan } = move
  const looks = await Promise.all(
    watchers.flatMap((watcher) =>
      watcher.datasetsOf(plan).map(async (dataset) => ({
        dataset,
        look: await watcher.look(move, dataset, atMs),
        maxLagMs: watcher.maxLagMs[plan.policy.profile],
      })),
    ),
  )
  const datasets: Record<string, ReplicationHealth> = {}
  for (const { dataset, look } of looks) if (look !== undefined) datasets[dataset] = look.health
  return {
    measurement: {
      atMs,
      oldSideReachable: looks.every(({ look }) => look?.reached?.old !== false),
      newSideReachable: looks.every(({ look }) => look?.reached?.new !== false),
      datasets,
    },
    limits: Object.fromEntries(looks.map(({ dataset, maxLagMs }) => [dataset, maxLagMs])),
  }
}
