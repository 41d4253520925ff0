import { ApplicationFailure } from '@temporalio/workflow'
import { addSpan } from '../../../domain/calendar.ts'
import type { TrialRunSummary } from '../../../domain/event.ts'
import type { Phase } from '../../../domain/phase.ts'
import { reports, watching } from '../activities.ts'
import type { Course } from '../course.ts'

/** Watches the system on the staging platform for the time the policy asks, then freezes the report. */
export async function trialRun(course: Course): Promise<Phase> {
  const { plan, migration, round } = course.m
  const { policy } = plan
  const summary = await course.step('observe-trial-run', async () => {
    const startedAtMs = Date.now()
    const untilMs = addSpan(startedAtMs, policy.trialRun, policy.timeZone)
    course.state.emit('trial-run-started', { untilMs })
    const watch = watching(plan.hosts.staging.zone)
    const seen = await watch.observeTrialRun({ migration, round, plan, startedAtMs, untilMs })
    if (seen.availability < policy.gates.minAvailability)
      throw tooOftenAway(seen, policy.gates.minAvailability)
    return seen
  })
  if (summary) course.state.emit('trial-run-finished', { summary })
  await issueReport(course, '')
  return 'recognition'
}

const tooOftenAway = (seen: TrialRunSummary, wanted: number): ApplicationFailure =>
  ApplicationFailure.nonRetryable(
    `The system answered ${String(seen.probes - seen.failures)} of ${String(seen.probes)} probes; a share of ${String(wanted)} is wanted. Mend the cause and retry: the trial run then begins anew.`,
    'gate-missed',
  )

/** Freezes the report of what is known now as the next version; signatures under an older one are void with it. */
export async function issueReport(course: Course, remark: string): Promise<void> {
  const version = course.m.reportsIssued + 1
  const issued = await course.step('compile-report', async () => {
    const upToSequence = await course.recorded()
    return reports.compileReport({ migration: course.m.migration, upToSequence, version, remark })
  })
  if (issued) course.state.emit('report-issued', { version, digest: issued.digest, remark })
}
