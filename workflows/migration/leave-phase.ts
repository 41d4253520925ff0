import { patched } from '@temporalio/workflow'
import { lookAtSidesStep } from '../../domain/move/settlement.ts'
import { wasSwitchingBack } from '../../domain/move/recovery.ts'
import { isSwitched } from '../../domain/move/switches.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { Phase } from '../../domain/move/phase.ts'
import type { RecordedReason } from '../../domain/move/recorded-reason.ts'
import type { Said } from '../../domain/words/message.ts'
import { backward, fromGone, switchBack as switchBackStep } from '../../domain/move/way-back.ts'
import { servingSide } from '../../domain/move/workflow-end.ts'
import { AbortRequested, organisationOf, playbookFailure, RollbackRequested } from './course.ts'
import type { Course, PlaybookOccasionInMove } from './course.ts'
import { adaptation } from './phases/adaptation.ts'
import { assessment } from './phases/assessment.ts'
import { closing } from './phases/closing.ts'
import { cutover, replication } from './phases/cutover.ts'
import { recognition } from './phases/recognition.ts'
import { rehearsal, rehearsalRun } from './phases/rehearsal.ts'
import { resourcing } from './phases/resourcing.ts'
import { retention } from './phases/retention.ts'
import { trialRun } from './phases/trial-run.ts'
import { failing } from './failing.ts'
import { clearStaging } from './staging.ts'
import {
  dropNewSideIfGivenUp,
  giveUpNewSide,
  lookAtSides,
  noteSeen,
  settleSides,
  sidesUnclear,
} from './sides.ts'
import { notASwitch } from './switch-result.ts'
import { taskTitles } from '../../domain/words/tasks.ts'

type RollbackRequest = NonNullable<Migration['rollbackRequested']>
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
    if (wasSwitchingBack(course.m)) throw new RollbackRequested()
    const next = await carry[course.m.phase](course)
    if (next === 'closed') course.state.emit('closed', {})
    return next
  } catch (error) {
    if (error instanceof RollbackRequested) return switchBack(course)
    if (error instanceof AbortRequested) return abort(course)
    throw error
  }
}

/**
 * Switches back. Its own failures block like any step's; a rollback once asked for is not given up, but may be asked for in
 * the other way: with both sides, or without the new one.
 */
async function switchBack(course: Course): Promise<Phase> {
  const to = course.m.plan.policy.afterRollback
  const { abortRequested, switches, recovered } = course.m
  // One that has switched already, and whose workflow ended, goes on under its own name.
  const occasion = `rollback-${String(switches.length - (isSwitched(course.m) ? 0 : 1))}`
  let requested: RollbackRequest | undefined = course.m.rollbackRequested
  // Both want the pair for themselves, and the rollback is waited for.
  await course.schemaChanges.giveUp()
  course.leaving = true
  await course.step(switchBackStep, async (attempt) => {
    requested = course.m.rollbackRequested ?? requested
    const way = requested?.newSideGone ? withoutNewSide(occasion, requested.instead) : withBothSides(occasion)
    const outcome = await course.playbook(way, attempt, {
      isNoted: () => !isSwitched(course.m),
      note: (result) => {
        course.state.emit('rolled-back', { result, to })
      },
    })
    if (outcome.failure) throw playbookFailure(outcome.failure)
    // A playbook that switched nothing has rolled nothing back.
    if (isSwitched(course.m)) throw notASwitch('rollback')
  })
  requested ??= recovered && { reason: recovered.reason, by: recovered.by, automatic: false }
  if (abortRequested === undefined && requested !== undefined) acknowledgeLater(course, requested)
  return to
}

const withBothSides = (occasion: string): PlaybookOccasionInMove => ({
  purpose: 'rollback',
  occasion,
  ...backward,
})

/** A separate run: the steps that the ordinary run has completed stay done, and those it left stay as they are. */
const withoutNewSide = (occasion: string, instead: RollbackRequest['instead']): PlaybookOccasionInMove => ({
  ...withBothSides(`${occasion}-without-new-side`),
  inputs: { [fromGone]: true },
  ...(instead && { instead }),
})

function acknowledgeLater(course: Course, { reason, by, automatic, newSideGone }: RollbackRequest): void {
  course.openTask({
    id: `acknowledge-rollback-${String(course.m.switches.length)}`,
    kind: 'acknowledge-rollback',
    title: taskTitles['acknowledge-rollback'],
    assignee: { role: 'coordinator', organisation: organisationOf(course.m, 'coordinator') },
    wantsEvidence: false,
    wantsSignature: false,
    details: { reason, by: by.account, automatic, ...(newSideGone === undefined ? {} : { newSideGone }) },
  })
}

/** Undoes what was set up beside the old side, as far as it goes, and ends the move, with the old side serving. */
async function abort(course: Course): Promise<'aborted'> {
  const { abortRequested: reason = '', phase, step } = course.m
  course.leaving = true
  if (phase === 'cutover') await oldSideServes(course)
  const left = step?.id === 'rehearse' ? [...(await course.undo(rehearsalRun(step.attempt)))] : []
  left.push(...(await undoReplication(course)))
  left.push(...(await clearStaging(course)))
  course.state.emit('aborted', { reason, ...(left.length > 0 && { left }) })
  return 'aborted'
}

/** What is left of replication, as far as it goes; what would lose something is waited for, and tried again when people say so. */
async function undoReplication(course: Course): Promise<readonly RecordedReason[]> {
  let left = await course.undo(replication)
  if (left.some(isRefused))
    await course.step('look-at-sides', async () => {
      left = await course.undo(replication)
      const refused = left.find(isRefused)
      if (refused !== undefined) throw failing(refused)
    })
  return left
}

const isRefused = (reason: RecordedReason): reason is Said =>
  typeof reason !== 'string' && reason.code === 'undo-refused'

/**
 * Asks the servers before anything is undone: a switch whose outcome was never reported may have opened the new side, and
 * the old one must never be opened beside it. In that case the sides are switched back first.
 */
async function oldSideServes(course: Course): Promise<void> {
  await course.step(lookAtSidesStep, async () => {
    if (patched('abort-settles')) {
      if (course.m.settle?.newSideGone) await giveUpNewSide(course)
      else {
        await dropNewSideIfGivenUp(course)
        await settleSides(course)
      }
      return
    }
    const found = await lookAtSides(course)
    const serving = servingSide(found)
    const newIsShut = found.new === 'closed' || found.new === 'never-switched'
    if (serving === 'new') noteSeen(course, found)
    else if (serving !== 'old' && !newIsShut) throw sidesUnclear(course.m, found)
  })
  if (!isSwitched(course.m)) return
  if (course.m.rollbackRequested === undefined)
    course.state.emit('rollback-requested', {
      reason: 'an abort was asked for, and the new side was found serving',
      automatic: true,
    })
  await switchBack(course)
}
