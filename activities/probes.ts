import { Context } from '@temporalio/activity'
import type { AvailabilityObservation } from '../domain/availability.ts'
import type { MigrationPlan } from '../domain/plan.ts'
import { observeAvailability } from '../runner/probe.ts'
import { writeProbe, writeProbeOf } from '../runner/write-probe.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'

const probeTimeoutMs = 5_000
const heartbeatEveryMs = 2_000

/** What asks the application from outside, as its users do. */
export function createProbeActivities() {
  return explained({
    /**
     * Probes the staged system until a moment, going on from what was seen before. Within the activity the observation
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
            url: new URL(plan.application.healthPath, plan.application.sites.staging.url).href,
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

    /** One write through the public address that has to be readable there. @throws WriteProbeFailedError */
    async writeProbe(input: { readonly plan: MigrationPlan }): Promise<void> {
      const { plan } = input
      const probe = writeProbeOf(plan.inputs, plan.endpoints.http.url, probeTimeoutMs)
      if (probe !== undefined) await withHeartbeat(heartbeatEveryMs, () => writeProbe(probe))
    },
  })
}
