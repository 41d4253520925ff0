import type { ReplicationHealth } from '../domain/measurement/replication-health.ts'
import type { LookedAtMove } from '../domain/move/watched-move.ts'
import type { WayBackLimits, WayBackMeasurement } from '../domain/move/way-back.ts'
import { datasetsOf } from '../domain/plan/places.ts'
import type { WayBackWatchers } from './way-back-watchers.ts'

/** One look at the way back of every dataset of a move that is watched, with the limits it is judged by. */
export async function lookAtWayBack(
  watchers: WayBackWatchers,
  move: LookedAtMove,
): Promise<{ readonly measurement: WayBackMeasurement; readonly limits: WayBackLimits }> {
  const atMs = Date.now()
  const { plan } = move
  const looks = await Promise.all(
    datasetsOf(plan).flatMap(({ name: dataset, family }) => {
      const watcher = watchers.get(family)
      if (watcher === undefined) return []
      const maxLagMs = watcher.maxLagMs[plan.policy.profile]
      return [watcher.look(move, dataset, atMs).then((look) => ({ dataset, look, maxLagMs }))]
    }),
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
