import { CancellationScope } from '@temporalio/workflow'
import type { Phase } from '../../domain/phase.ts'
import { resultsOfKind } from '../../domain/playbook-outcome.ts'
import { backward } from '../../domain/way-back.ts'
import { AbortRequested, organisationOf, playbookFailure, RollbackRequested } from './course.ts'
import type { Course } from './course.ts'
import { adaptation } from './phases/adaptation.ts'
import { assessment } from './phases/assessment.ts'
import { closing } from './phases/closing.ts'
import { cutover, replication } from './phases/cutover.ts'
import { recognition } from './phases/recognition.ts'
import { rehearsal } from './phases/rehearsal.ts'
import { resourcing } from './phases/resourcing.ts'
import { retention } from './phases/retention.ts'
import { notASwitch, switchResultOf } from './phases/switch-result.ts'
import { trialRun } from './phases/trial-run.ts'

type Carry = (course: Course) => Promise<Phase | 'closed'>

const carry: Readonly<Record<Phase, Carry>> = {
  assessment,
  resourcing,
  adaptation,
  rehearsal,
  'trial-run': trialRun,
  recognition,
  cutover,
  retention,
  closing,
}

/**
 * Carries the move through its present phase, whatever happens in it.
 * @returns where it goes: onward, back after a rollback, or out.
 */
export async function leavePhase(course: Course): Promise<Phase | 'closed' | 'aborted'> {
  try {
    const next = await carry[course.m.phase](course)
    if (next === 'closed') course.state.emit('closed', {})
    return next
  } catch (error) {
    if (error instanceof RollbackRequested) return switchBack(course)
    if (error instanceof AbortRequested) return abort(course)
    throw error
  }
}

/** Switches back. Its own failures block like any step's; a rollback once asked for is not given up. */
async function switchBack(course: Course): Promise<Phase> {
  const to = course.m.plan.policy.afterRollback
  const requested = course.m.rollbackRequested
  course.rollingBack = true
  await course.step('switch-back', async (attempt) => {
    const outcome = await course.playbook(
      {
        purpose: 'rollback',
        occasion: `rollback-${String(course.m.switches.length)}`,
        ...backward,
      },
      attempt,
    )
    const [switched] = resultsOfKind(outcome, 'postgres-switchover')
    if (outcome.failure) throw playbookFailure(outcome.failure)
    // A playbook that switched nothing has rolled nothing back.
    if (switched === undefined) throw notASwitch('rollback')
    course.state.emit('rolled-back', { result: switchResultOf(switched), to })
  })
  course.openTask({
    id: `acknowledge-rollback-${String(course.m.switches.length)}`,
    kind: 'acknowledge-rollback',
    title: { zh: '事后确认回退', en: 'Acknowledge the rollback' },
    assignee: { role: 'coordinator', organisation: organisationOf(course.m, 'coordinator') },
    wantsEvidence: false,
    wantsSignature: false,
    details: {
      reason: requested?.reason ?? '',
      by: requested?.by.account ?? '',
      automatic: requested?.automatic,
    },
  })
  return to
}

/** Undoes what replication has set up, as far as it goes, and ends the move. The old side has served all along. */
async function abort(course: Course): Promise<'aborted'> {
  const reason = course.m.abortRequested ?? ''
  const left = await CancellationScope.nonCancellable(() => course.undo(replication))
  course.state.emit('aborted', { reason: left === undefined ? reason : `${reason} (left behind: ${left})` })
  return 'aborted'
}
