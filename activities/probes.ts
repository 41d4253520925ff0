import { Context } from '@temporalio/activity'
import type { AvailabilityObservation } from '../domain/measurement/availability.ts'
import { QianyunError } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'
import { sitesOf } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { observeAvailability } from '../runner/http/probe.ts'
import { proveWrites } from '../runner/http/write-probe.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { PlanPlaces } from './plan-places.ts'

const probeTimeoutMs = 5_000
const heartbeatEveryMs = 2_000

/** Thrown when a write is to prove a side and the plan has no write probe. */
export class NoWriteProbeError extends QianyunError {
  override name = 'NoWriteProbeError'
  readonly code = 'no-write-probe'

  constructor() {
    super(said('no-write-probe'))
  }
}

/** What asks the application from outside, as its users do. */
export function createProbeActivities({ places }: { readonly places: PlanPlaces }) {
  return explained({
    /**
     * Probes every site of the staged system until a moment, going on from what was seen before. Within the activity the observation
     * travels in the heartbeat: another runner goes on with it, and the time nobody looked counts as unobserved.
     */
    async observeTrialRun(input: {
      readonly plan: MigrationPlan
      readonly soFar: AvailabilityObservation
      readonly untilMs: number
    }): Promise<AvailabilityObservation> {
      const { plan, untilMs } = input
      const before = Context.current().info.heartbeatDetails as AvailabilityObservation | undefined
      let latest = before ?? input.soFar
      return withHeartbeat(
        heartbeatEveryMs,
        (signal) =>
          observeAvailability({
            urls: sitesOf(plan, 'staging').map(({ healthPath, url }) => new URL(healthPath, url).href),
            intervalMs: plan.policy.probeIntervalMs,
            untilMs,
            timeoutMs: probeTimeoutMs,
            soFar: latest,
            onSample: (_, observation) => {
              latest = observation
            },
            signal,
          }),
        () => latest,
      )
    },

    /**
     * A write through the public address of each application that has a probe: it has to be readable there, tried for a while.
     * @throws NoWriteProbeError WriteProbeFailedError
     */
    async writeProbe(input: { readonly plan: MigrationPlan; readonly withinMs: number }): Promise<void> {
      const { plan, withinMs } = input
      const probes = places.writeProbes(plan)
      if (probes.length === 0) throw new NoWriteProbeError()
      await withHeartbeat(heartbeatEveryMs, (signal) =>
        Promise.all(
          probes.map(async (probe) => proveWrites({ ...probe, signal }, { withinMs, everyMs: 2_000 })),
        ),
      )
    },
  })
}
