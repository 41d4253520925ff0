import { isSwitched } from '../../../domain/command-rules.ts'
import type { CutoverWindow } from '../../../domain/cutover-window.ts'
import type { Phase } from '../../../domain/phase.ts'
import type { PlaybookOutcome } from '../../../domain/playbook-outcome.ts'
import { resultsOfKind } from '../../../domain/playbook-outcome.ts'
import { inZone, reports, watching } from '../activities.ts'
import type { Course, PlaybookOccasionInMove } from '../course.ts'
import { playbookFailure } from '../course.ts'
import { notASwitch, switchResultOf } from './switch-result.ts'

const forward = {
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
} as const

/** Keeps the new side current with the old until the switch. Undone when the move is aborted. */
export const replication: PlaybookOccasionInMove = { purpose: 'replicate', occasion: 'replicate', ...forward }

/** Prepares, waits for its window and for the go, switches, proves the new side, and arms the way back. */
export async function cutover(course: Course): Promise<Phase> {
  await course.playbookStep('start-replication', replication)
  for (let attempt = 1; ; attempt += 1) {
    const ready = await waitForGo(course, attempt)
    if (ready === 'amended') return 'recognition'
    if (ready === 'go' && (await switchOver(course, attempt))) break
  }
  await proveNewSide(course)
  await course.step('arm-way-back', async () => {
    const { migration, plan } = course.m
    await inZone(plan.hosts.target.zone).awaitArmed({ migration, plan })
  })
  return 'retention'
}

/** Waits for a schedule, the window and the decision. No decision by the latest rollback time aborts; time never says go. */
async function waitForGo(course: Course, attempt: number): Promise<'go' | 'again' | 'amended'> {
  const amended = (): boolean => course.m.amendment !== undefined
  await course.until(() => course.m.cutover !== undefined || amended())
  const { cutover: scheduled } = course.m
  if (scheduled === undefined || amended()) return 'amended'
  const { window, latestRollbackAtMs } = scheduled
  const decided = (): boolean => course.m.cutover?.decision !== undefined
  const rescheduled = (): boolean => course.m.cutover?.window !== window && !decided()
  const otherwise = (): boolean => amended() || decided() || rescheduled()

  await course.until(otherwise, window.startsAtMs)
  if (!otherwise()) {
    await course.playbookStep('final-sync', {
      purpose: 'replicate',
      occasion: `final-sync-${String(attempt)}-${String(window.startsAtMs)}`,
      ...forward,
    })
    await course.until(otherwise, latestRollbackAtMs - (course.m.rehearsal?.cutoverMs ?? 0))
  }
  if (amended()) return 'amended'
  if (rescheduled()) return 'again'
  const decision = course.m.cutover?.decision
  if (decision === 'go') return 'go'
  course.state.emit('cutover-aborted', {
    reason:
      decision === undefined
        ? 'no decision before the latest rollback time'
        : `operations decided ${decision}`,
    automatic: decision === undefined,
  })
  return 'again'
}

/**
 * The switch. Before its commit point any failure opens the old side again and aborts this cutover: another window can be
 * scheduled. After it the rest of the playbook is retried until done, or operations roll back.
 * @returns whether the new side serves.
 */
async function switchOver(course: Course, attempt: number): Promise<boolean> {
  const { window } = course.m.cutover as { window: CutoverWindow }
  if (!(await signaturesHold(course))) return false
  const occasion: PlaybookOccasionInMove = {
    purpose: 'cutover',
    occasion: `cutover-${String(attempt)}`,
    ...forward,
    inputs: { 'deadline-at': new Date(window.endsAtMs).toISOString() },
  }
  await course.step('switch-over', async (tries) => {
    const outcome = await course.playbook(occasion, tries)
    noteSwitch(course, outcome)
    if (!outcome.failure) {
      if (!isSwitched(course.m)) throw notASwitch('cutover')
      return
    }
    if (isSwitched(course.m)) throw playbookFailure(outcome.failure)
    course.state.emit('cutover-aborted', { reason: outcome.failure.message, automatic: true })
  })
  return isSwitched(course.m)
}

/** Checks every signature once more. One that does not hold aborts this cutover: the report can be signed anew. */
async function signaturesHold(course: Course): Promise<boolean> {
  await course.step('verify-signatures', async () => {
    await course.recorded()
    const finding = await reports.verifySignatures({ migration: course.m.migration })
    if (finding !== null) course.state.emit('cutover-aborted', { reason: finding, automatic: true })
  })
  return course.m.cutover !== undefined
}

function noteSwitch(course: Course, outcome: PlaybookOutcome): void {
  const [switched] = resultsOfKind(outcome, 'postgres-switchover')
  if (switched && !isSwitched(course.m)) course.state.emit('cut-over', { result: switchResultOf(switched) })
}

/** A public write has to arrive on the new side. If it does not, and there is still time, sides are switched back. */
async function proveNewSide(course: Course): Promise<void> {
  const latestMs = course.m.cutover?.latestRollbackAtMs ?? 0
  await course.step('public-write-probe', async () => {
    try {
      await watching(course.m.plan.hosts.entry.zone).writeProbe({ plan: course.m.plan })
    } catch (error) {
      if (Date.now() <= latestMs) {
        course.state.emit('rollback-requested', {
          reason: 'the public write probe failed after the switch',
          automatic: true,
        })
      }
      throw error
    }
  })
}
