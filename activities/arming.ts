import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError } from '../domain/errors.ts'
import { judgeWayBack, type WayBackVerdict } from '../domain/move/way-back.ts'
import type { HostKeys } from '../domain/plan/host-key.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { Said } from '../domain/words/message.ts'
import { said } from '../domain/words/said.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import { lookAtWayBack } from './look-at-way-back.ts'
import { stopAll, type WayBackWatchers } from './way-back-watchers.ts'

/** How far behind the old side may be when its way back is first seen armed. */
const armedWithinMs = 30_000

/** Thrown when the reverse replication has not come to be armed in time after a cutover. */
export class WayBackNotArmedError extends QianyunError {
  override name = 'WayBackNotArmedError'
  readonly code = 'way-back-not-armed'

  constructor(readonly reasons: readonly Said[]) {
    super(said('way-back-not-armed', { reasons }))
  }
}

/** What waits for the way back after a cutover. */
export function createArmingActivities(deps: { readonly watchers: () => Promise<WayBackWatchers> }) {
  return explained({
    /**
     * Waits until one look finds the way back armed, or kept where nothing is sent to the old side: that verdict is given, and nothing
     * for an armed one. @throws WayBackNotArmedError
     */
    async awaitArmed(input: {
      readonly migration: string
      readonly plan: MigrationPlan
      readonly hostKeys?: HostKeys
    }): Promise<{ readonly wayBack: WayBackVerdict } | undefined> {
      return withHeartbeat(5_000, async (signal) => {
        const giveUpAtMs = Date.now() + 60_000
        // They are told to keep no move: what does not follow by itself is kept up once the move is in retention.
        const watchers = await deps.watchers()
        try {
          for (;;) {
            const { measurement } = await lookAtWayBack(watchers, { ...input, switches: [] })
            const limits = Object.keys(measurement.datasets).map((dataset): [string, number] => [
              dataset,
              armedWithinMs,
            ])
            const verdict = judgeWayBack(measurement, Object.fromEntries(limits))
            if (verdict.state === 'armed') return undefined
            if (verdict.state === 'kept') return { wayBack: verdict }
            if (Date.now() > giveUpAtMs) throw new WayBackNotArmedError(verdict.reasons)
            await sleep(500, undefined, { signal })
          }
        } finally {
          await stopAll(watchers)
        }
      })
    },
  })
}
