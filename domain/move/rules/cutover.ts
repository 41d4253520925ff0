import { formatInZone } from '../../calendar.ts'
import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import { finalSync, goDeadlineMs, windowProblem } from '../cutover-window.ts'
import type { Migration } from '../migration.ts'
import { isSwitched } from '../switches.ts'

/** Why a window is not taken. */
export function scheduleRefusal(
  m: Migration,
  command: Extract<Command, { name: 'schedule-cutover' }>,
  nowMs: number,
): Refusal | undefined {
  if (m.phase !== 'cutover' || isSwitched(m) || !m.report || m.amendment !== undefined) {
    return refuse(
      'not-in-cutover',
      `The move is in ${m.phase}; a cutover is scheduled once the report has been recognised and before the switch.`,
    )
  }
  if (m.cutover?.decision === 'go') return refuse('already-decided', 'The cutover is being carried out.')
  if (!m.rehearsal)
    return refuse('not-rehearsed', 'No rehearsal has been recorded; its durations are needed.')
  const problem = windowProblem(command.window, m.rehearsal, nowMs, m.plan.policy)
  return problem === undefined ? undefined : refuse('window-refused', problem)
}

/** Why go, no-go or abort is not taken. */
export function decisionRefusal(
  m: Migration,
  command: Extract<Command, { name: 'decide-cutover' }>,
  nowMs: number,
): Refusal | undefined {
  if (m.phase !== 'cutover' || m.cutover === undefined || isSwitched(m)) {
    return refuse('no-cutover', 'No cutover is scheduled and still to be decided.')
  }
  if (m.cutover.decision !== undefined) {
    return refuse('already-decided', `The decision was "${m.cutover.decision}" and stands.`)
  }
  if (command.decision !== 'go') return undefined
  if (nowMs < m.cutover.window.startsAtMs) {
    return refuse(
      'window-not-open',
      `The window opens at "${formatInZone(m.cutover.window.startsAtMs, m.plan.policy.timeZone)}". Say go once it is open.`,
    )
  }
  if (nowMs > goDeadlineMs(m.cutover.latestRollbackAtMs, m.rehearsal)) {
    return refuse(
      'too-late',
      'It is too late to switch and still go back inside the window. Schedule another window.',
    )
  }
  if (m.standing !== 'moving') {
    return refuse('not-moving', `The move is ${m.standing}. Say go when it goes on.`)
  }
  if (m.step !== undefined || m.cutover.preparation !== 'done') {
    return refuse(
      'not-ready',
      `"${m.step?.id ?? finalSync}" has not ended. Say go when the final preparation in this window is done.`,
    )
  }
  return undefined
}
