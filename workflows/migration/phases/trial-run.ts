import type { ApplicationFailure } from '@temporalio/workflow'
import { zoneOf } from '../../../domain/plan/places.ts'
import type { AvailabilityObservation } from '../../../domain/measurement/availability.ts'
import {
  availabilityOf,
  observedShareOf,
  startObservation,
} from '../../../domain/measurement/availability.ts'
import { addSpan } from '../../../domain/calendar.ts'
import type { TrialRunSummary } from '../../../domain/move/event.ts'
import type { Phase } from '../../../domain/move/phase.ts'
import { said } from '../../../domain/words/said.ts'
import { reports, watching } from '../activities.ts'
import type { Course } from '../course.ts'
import { attestTracked } from '../tracked.ts'
import { failing } from '../failing.ts'

/** What was seen is kept in the move this often. A runner that is lost hands on what it saw in its last heartbeat. */
const sliceMs = 7 * 86_400_000

/** Watches the system on the staging platform for the time the policy asks, then freezes the report. */
export async function trialRun(course: Course): Promise<Phase> {
  // A trial run that is over on record is over, whichever workflow goes on.
  if (course.m.trialRun?.summary === undefined) await observeWhole(course)
  await issueReport(course, '')
  return 'recognition'
}

async function observeWhole(course: Course): Promise<void> {
  const { policy } = course.m.plan
  const summary = await course.step('observe-trial-run', async (attempt) => {
    const startedAtMs = Date.now()
    const untilMs = addSpan(startedAtMs, policy.trialRun, policy.timeZone)
    course.state.emit('trial-run-started', { untilMs })
    const seen =
      course.m.plan.tracked === undefined
        ? summaryOf(await observe(course, startedAtMs, untilMs))
        : await attestedTrialRun(course, startedAtMs, untilMs, attempt)
    const missed = missedGate(seen, policy.gates)
    if (missed !== undefined) throw missed
    return seen
  })
  if (summary) course.state.emit('trial-run-finished', { summary })
}

/** From the first moment on: time that passes before a runner comes has not been observed. */
async function observe(
  course: Course,
  startedAtMs: number,
  untilMs: number,
): Promise<AvailabilityObservation> {
  const { plan } = course.m
  const watch = watching(zoneOf(plan, 'staging'))
  let soFar = startObservation(startedAtMs)
  for (let fromMs = startedAtMs; fromMs < untilMs; fromMs += sliceMs) {
    soFar = await watch.observeTrialRun({ plan, soFar, untilMs: Math.min(fromMs + sliceMs, untilMs) })
  }
  return soFar
}

/** The time passes by our own clock; what happened in it people attest when it is over. */
async function attestedTrialRun(
  course: Course,
  startedAtMs: number,
  untilMs: number,
  attempt: number,
): Promise<TrialRunSummary> {
  await course.until(() => false, untilMs)
  const { figures = {} } = await attestTracked(course, 'trial-run', attempt > 1 ? `-${String(attempt)}` : '')
  const number = (name: string): number => Number(figures[name] ?? 0)
  return {
    startedAtMs,
    endedAtMs: untilMs,
    probes: 0,
    failures: 0,
    availability: number('availability'),
    observedShare: 0,
    longestOutageMs: number('longest-outage-minutes') * 60_000,
    incidents: number('incidents'),
    attested: true,
  }
}

const summaryOf = (seen: AvailabilityObservation): TrialRunSummary => ({
  startedAtMs: seen.startedAtMs,
  endedAtMs: seen.endedAtMs,
  probes: seen.probes,
  failures: seen.failures,
  availability: availabilityOf(seen),
  observedShare: observedShareOf(seen),
  longestOutageMs: seen.longestOutageMs,
  incidents: seen.incidentCount,
})

function missedGate(
  seen: TrialRunSummary,
  wanted: { readonly minAvailability: number; readonly minObservedShare: number },
): ApplicationFailure | undefined {
  if (seen.attested)
    return seen.availability < wanted.minAvailability
      ? failing(
          said('gate-missed', {
            problem: said('attested-unavailable', {
              availability: seen.availability,
              wanted: wanted.minAvailability,
            }),
          }),
        )
      : undefined
  if (seen.observedShare < wanted.minObservedShare) {
    return failing(
      said('gate-missed', {
        problem: said('trial-run-unobserved', {
          share: seen.observedShare,
          wanted: wanted.minObservedShare,
        }),
      }),
    )
  }
  return seen.availability < wanted.minAvailability
    ? failing(
        said('gate-missed', {
          problem: said('trial-run-unavailable', {
            answered: seen.probes - seen.failures,
            probes: seen.probes,
            wanted: wanted.minAvailability,
          }),
        }),
      )
    : undefined
}

/** Freezes the report of what is known now as the next version; signatures under an older one are void with it. */
export async function issueReport(course: Course, remark: string): Promise<void> {
  const version = course.m.reportsIssued + 1
  const issued = await course.step('compile-report', async () => {
    const upToSequence = await course.recorded()
    return reports.compileReport({ migration: course.m.migration, upToSequence, version, remark })
  })
  if (issued) course.state.emit('report-issued', { version, digest: issued.digest, remark })
}
