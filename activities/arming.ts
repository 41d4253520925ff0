import { setTimeout as sleep } from 'node:timers/promises'
import { QianyunError } from '../domain/errors.ts'
import { judgeWayBack } from '../domain/move/way-back.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { WayBackWatch } from '../families/postgresql/health.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'

/** Thrown when the reverse replication has not come to be armed in time after a cutover. */
export class WayBackNotArmedError extends QianyunError {
  override name = 'WayBackNotArmedError'
  readonly code = 'way-back-not-armed'

  constructor(readonly reasons: readonly string[]) {
    super(
      `The way back is not armed: ${reasons.join(', ')}. Mend the reverse replication and retry, or roll back while it still works.`,
    )
  }
}

/** What waits for the way back after a cutover. */
export function createArmingActivities({ wayBack }: { readonly wayBack: WayBackWatch }) {
  return explained({
    /** Waits until one look finds the way back armed. @throws WayBackNotArmedError */
    async awaitArmed(input: { readonly migration: string; readonly plan: MigrationPlan }): Promise<void> {
      await withHeartbeat(5_000, async (signal) => {
        const giveUpAtMs = Date.now() + 60_000
        for (;;) {
          const measurement = await wayBack.look(input)
          const verdict = judgeWayBack(measurement, { maxMarkerAgeMs: 30_000, maxFilesAgeMs: 600_000 })
          if (verdict.state === 'armed') return
          if (Date.now() > giveUpAtMs) throw new WayBackNotArmedError(verdict.reasons)
          await sleep(500, undefined, { signal })
        }
      })
    },
  })
}
