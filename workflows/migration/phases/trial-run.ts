import { addSpan } from '../../../domain/calendar.ts'
import type { Phase } from '../../../domain/phase.ts'
import { reports, watching } from '../activities.ts'
import type { Course } from '../course.ts'

/** Watches the system on the staging platform for the time the policy asks, then freezes the report. */
export async function trialRun(course: Course): Promise<Phase> {
  const { plan, migration, round } = course.m
  const { policy } = plan
  const startedAtMs = Date.now()
  const untilMs = addSpan(startedAtMs, policy.trialRun, policy.timeZone)
  course.state.emit('trial-run-started', { untilMs })
  const summary = await course.step('observe-trial-run', () =>
    watching(plan.hosts.staging.zone).observeTrialRun({ migration, round, plan, startedAtMs, untilMs }),
  )
  if (summary) course.state.emit('trial-run-finished', { summary })
  await issueReport(course, '')
  return 'recognition'
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
