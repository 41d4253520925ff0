import { Context } from '@temporalio/activity'
import type { AvailabilityObservation } from '../domain/availability.ts'
import { availabilityOf } from '../domain/availability.ts'
import type { TrialRunSummary } from '../domain/event.ts'
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
     * Probes the staged system until the trial run's end. The observation travels in the heartbeat: another runner goes
     * on with it, and the time nobody looked counts as unobserved, never as good.
     */
    async observeTrialRun(input: {
      readonly migration: string
      readonly round: number
      readonly plan: MigrationPlan
      readonly startedAtMs: number
      readonly untilMs: number
    }): Promise<TrialRunSummary> {
      const { plan, startedAtMs, untilMs } = input
      let latest = Context.current().info.heartbeatDetails as AvailabilityObservation | undefined
      const seen = await withHeartbeat(
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
      return {
        startedAtMs,
        endedAtMs: seen.endedAtMs,
        probes: seen.probes,
        failures: seen.failures,
        availability: availabilityOf(seen),
        longestOutageMs: seen.longestOutageMs,
        incidents: seen.incidentCount,
      }
    },

    /** One write through the public address that has to be readable there. @throws WriteProbeFailedError */
    async writeProbe(input: { readonly plan: MigrationPlan }): Promise<void> {
      const { plan } = input
      const probe = writeProbeOf(plan.inputs, plan.endpoints.http.url, probeTimeoutMs)
      if (probe !== undefined) await withHeartbeat(heartbeatEveryMs, () => writeProbe(probe))
    },
  })
}
