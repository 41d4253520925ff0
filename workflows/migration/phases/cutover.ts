import { applicationsOf, zoneOf } from '../../../domain/plan/places.ts'
import { isCancellation } from '@temporalio/workflow'
import { lookAtSidesStep, startReplicationStep, switchOverStep } from '../../../domain/move/settlement.ts'
import { isSwitched } from '../../../domain/move/switches.ts'
import { finalSync, goDeadlineMs } from '../../../domain/move/cutover-window.ts'
import type { RecordedReason } from '../../../domain/move/recorded-reason.ts'
import { said } from '../../../domain/words/said.ts'
import type { Phase } from '../../../domain/move/phase.ts'
import { servingSide } from '../../../domain/move/workflow-end.ts'
import { inZone, reports, watching } from '../activities.ts'
import type { Course, PlaybookOccasionInMove, Switching } from '../course.ts'
import { playbookFailure, RollbackRequested } from '../course.ts'
import { reasonOf } from '../describe-failure.ts'
import {
  dropNewSideIfGivenUp,
  entryUnsettled,
  giveUpNewSide,
  lookAtSides,
  noteSeen,
  settleSides,
  sidesUnclear,
} from '../sides.ts'
import { attestedWayBack, attestTracked } from '../tracked.ts'
import { notASwitch } from '../switch-result.ts'

const forward = {
  hosts: { from: 'source', to: 'target' },
  databases: { from: 'source', to: 'target' },
} as const

/** Keeps the new side current with the old until the switch. Undone when the move is aborted. */
export const replication: PlaybookOccasionInMove = { purpose: 'replicate', occasion: 'replicate', ...forward }

/** Prepares, waits for its window and for the go, switches, proves the new side and the way back, and tidies up. */
export async function cutover(course: Course): Promise<Phase> {
  if (!(await takeUp(course)) && (await switchInWindow(course)) === 'amended') return 'recognition'
  await proveNewSide(course)
  await seeWayBack(course)
  // Comparing a large database takes hours. Whether to go back is found out before.
  if (course.m.plan.playbooks.afterCutover !== undefined)
    await course.playbookStep('after-cutover', {
      purpose: 'afterCutover',
      occasion: 'after-cutover',
      ...forward,
    })
  return 'retention'
}

/** Waits until the way back is armed; of a tracked move people attest that the old side is kept, and nothing is called armed. */
async function seeWayBack(course: Course): Promise<void> {
  const { migration, plan, hostKeys, switches } = course.m
  if (plan.tracked !== undefined) {
    await course.step('keep-old-side', async () => {
      await attestTracked(course, 'old-side-kept', `-${String(switches.length)}`)
      return { wayBack: attestedWayBack(course.m) }
    })
    return
  }
  await course.step('arm-way-back', async () =>
    inZone(zoneOf(plan, 'target')).awaitArmed({ migration, plan, hostKeys }),
  )
}

/**
 * Of a move that goes on from its record: a switch may have been under way as its workflow ended. Its sides are settled first, and
 * nothing is switched anew.
 * @returns whether the new side serves, with the rest of its switch done.
 */
async function takeUp(course: Course): Promise<boolean> {
  const { recovered } = course.m
  if (recovered === undefined) return false
  if (!isSwitched(course.m))
    await course.step(lookAtSidesStep, async () => settleCutover(course, course.m.settle ?? recovered))
  return isSwitched(course.m) && (await switchOver(course))
}

/** Goes through windows until one of them has the new side serve, or the report is to be signed anew. */
async function switchInWindow(course: Course): Promise<'switched' | 'amended'> {
  const giveUpFirst = async (): Promise<void> => dropNewSideIfGivenUp(course)
  await course.playbookStep(startReplicationStep, replication, undefined, giveUpFirst)
  for (;;) {
    const ready = await waitForGo(course)
    if (ready === 'amended') return 'amended'
    if (ready === 'go' && (await switchOver(course))) return 'switched'
  }
}

/**
 * Waits for a schedule, prepares in its window, and waits for the decision. No decision by the latest rollback time
 * aborts; time never says go.
 */
async function waitForGo(course: Course): Promise<'go' | 'again' | 'amended'> {
  // What the ledger says takes the recognition away: it is signed anew, as an amended report is.
  const amended = (): boolean => course.m.amendment !== undefined || !course.m.recognised
  await course.until(() => course.m.cutover !== undefined || amended())
  const { cutover: scheduled } = course.m
  if (scheduled === undefined) return 'amended'
  const { window, latestRollbackAtMs, number } = scheduled
  const rescheduled = (): boolean => course.m.cutover?.number !== number
  const settled = (): boolean => amended() || rescheduled() || course.m.cutover?.decision !== undefined

  await course.until(settled, window.startsAtMs)
  if (!settled()) {
    const decideByMs = goDeadlineMs(latestRollbackAtMs, course.m.rehearsal)
    const occasion = `${finalSync}-${String(number)}`
    const unwanted = { when: settled, afterMs: decideByMs }
    const request: PlaybookOccasionInMove = { purpose: 'replicate', occasion, ...forward }
    // The task of the switch brings over the rest.
    if (course.m.plan.tracked !== undefined) await course.step(finalSync, async () => undefined, unwanted)
    else await course.playbookStep(finalSync, request, unwanted, async () => dropNewSideIfGivenUp(course))
    await course.until(settled, decideByMs)
  }
  if (amended()) return 'amended'
  if (rescheduled()) return 'again'
  const decision = course.m.cutover?.decision
  if (decision === 'go') return 'go'
  course.state.emit('cutover-aborted', {
    reason: decision === undefined ? said('no-decision-in-time') : said('decided-against', { decision }),
    automatic: decision === undefined,
  })
  return 'again'
}

/**
 * The switch. Before its commit point any failure opens the old side again and aborts this cutover: another window can be
 * scheduled. After it the rest of the playbook is retried until done, or operations roll back.
 * @returns whether the new side serves.
 */
async function switchOver(course: Course): Promise<boolean> {
  if (!isSwitched(course.m) && !(await signaturesHold(course))) return false
  const { number, latestRollbackAtMs } = course.m.cutover ?? { number: 0, latestRollbackAtMs: 0 }
  const occasion: PlaybookOccasionInMove = {
    purpose: 'cutover',
    occasion: `cutover-${String(number)}`,
    ...forward,
    // A switch that began later could not be gone back on inside the window.
    inputs: { 'deadline-at': new Date(latestRollbackAtMs).toISOString() },
  }
  const switching: Switching = {
    isNoted: () => isSwitched(course.m),
    note: (result) => {
      course.state.emit('cut-over', { result })
    },
  }
  // A switch that was begun and cut off is brought to rest by the step that began it, also when it is too late to begin one.
  let mustSettle = false
  const concludeAs = async (reason: RecordedReason): Promise<void> => {
    mustSettle = true
    await conclude(course, reason)
    mustSettle = false
  }
  await course.step(switchOverStep, async (attempt) => {
    if (!isSwitched(course.m) && course.m.settle !== undefined) {
      await settleCutover(course, course.m.settle)
      if (!isSwitched(course.m)) return
    }
    // The move was held between the last look at its signatures and this step.
    if (!isSwitched(course.m) && course.m.cutover?.number !== number) return
    if (!isSwitched(course.m) && Date.now() > latestRollbackAtMs && !mustSettle) {
      await concludeAs(said('switch-too-late'))
      if (!isSwitched(course.m)) return
    }
    const outcome = await course.playbook(occasion, attempt, switching).catch(async (error: unknown) => {
      if (!isCancellation(error) && !isSwitched(course.m)) {
        const found = await lookAtSides(course)
        if (servingSide(found) === 'new') noteSeen(course, found)
      }
      throw error
    })
    if (!outcome.failure && !isSwitched(course.m)) throw notASwitch('cutover')
    if (!outcome.failure) return
    if (!isSwitched(course.m)) await concludeAs(reasonOf(outcome.failure))
    if (isSwitched(course.m)) throw playbookFailure(outcome.failure)
  })
  return isSwitched(course.m)
}

/** Asks the servers for the outcome of a switch that reported none. Aborts this cutover when the old side serves. */
async function conclude(course: Course, reason: RecordedReason): Promise<void> {
  const found = await lookAtSides(course)
  const serving = servingSide(found)
  if (serving === undefined || serving === 'mixed') throw sidesUnclear(course.m, found, reason)
  if (serving === 'new') {
    noteSeen(course, found)
    return
  }
  // The old side serves, but its clients may wait, or be led elsewhere: the step tried again sees to that first.
  if (found.unsettled) throw entryUnsettled(course.m, reason)
  course.state.emit('cutover-aborted', { reason, automatic: true })
}

/** Who has asked for it and why, by a command of its own or by having the move go on from its record. */
type SettleAsked = Pick<NonNullable<Course['m']['settle']>, 'reason' | 'by' | 'newSideGone'>

/** Settles what an earlier try of the switch has left, as a person has asked: nothing is switched anew by it. */
async function settleCutover(course: Course, { reason, by, newSideGone }: SettleAsked): Promise<void> {
  if (newSideGone) {
    await giveUpNewSide(course)
    throw new RollbackRequested()
  }
  await dropNewSideIfGivenUp(course)
  const serves = await settleSides(course)
  if (serves === 'old' && course.m.cutover !== undefined)
    course.state.emit('cutover-aborted', { reason, automatic: false }, by)
}

/** Verifies every signature again. An invalid one aborts this cutover, and the report can be signed again. */
async function signaturesHold(course: Course): Promise<boolean> {
  await course.step('verify-signatures', async () => {
    await course.recorded()
    const finding = await reports.verifySignatures({ migration: course.m.migration })
    if (finding !== null) course.state.emit('cutover-aborted', { reason: finding, automatic: true })
  })
  return course.m.cutover !== undefined
}

/** How long writes are tried, and what the last try may take. */
const probeForMs = 60_000
const lastProbeMs = 15_000

/** A public write has to arrive on the new side. If it does not, and there is still time, sides are switched back. */
async function proveNewSide(course: Course): Promise<void> {
  const { plan } = course.m
  if (plan.tracked !== undefined) {
    const again = `-${String(course.m.switches.length)}`
    await course.step('public-write-probe', async () => attestTracked(course, 'public-write', again))
    return
  }
  const latestMs = course.m.cutover?.latestRollbackAtMs ?? 0
  const probed = applicationsOf(plan).some(({ writeProbe }) => writeProbe !== undefined)
  if (!probed && plan.policy.profile === 'lab') {
    const reason = 'The plan of this lab has no write probe.'
    course.state.emit('step-skipped', { step: 'public-write-probe', reason })
    return
  }
  await course.step('public-write-probe', async () => {
    const leftMs = latestMs - Date.now()
    const withinMs = leftMs < 0 ? probeForMs : Math.min(probeForMs, Math.max(0, leftMs - lastProbeMs))
    try {
      await watching(zoneOf(plan, 'entry')).writeProbe({ plan, withinMs })
    } catch (error) {
      if (Date.now() <= latestMs && course.m.rollbackRequested === undefined) {
        course.state.emit('rollback-requested', {
          reason: said('probe-failed-after-switch'),
          automatic: true,
        })
      }
      throw error
    }
  })
}
