import { formatInZone } from '../../wall-clock.js'
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
    return refuse('not-in-cutover', { phase: m.phase })
  }
  if (m.cutover?.decision === 'go') return refuse('already-decided', { decision: 'go' })
  if (!m.rehearsal) return refuse('not-rehearsed')
  const problem = windowProblem(command.window, m.rehearsal, nowMs, m.plan.policy)
  return problem === undefined ? undefined : refuse('window-refused', { problem })
}

/** Why go, no-go or abort is not taken. */
export function decisionRefusal(
  m: Migration,
  command: Extract<Command, { name: 'decide-cutover' }>,
  nowMs: number,
): Refusal | undefined {
  if (m.phase !== 'cutover' || m.cutover === undefined || isSwitched(m)) {
    return refuse('no-cutover')
  }
  if (m.cutover.decision !== undefined) {
    return refuse('already-decided', { decision: m.cutover.decision })
  }
  if (command.decision !== 'go') return undefined
  if (nowMs < m.cutover.window.startsAtMs) {
    const start = formatInZone(m.cutover.window.startsAtMs, m.plan.policy.timeZone)
    return refuse('window-not-open', { start })
  }
  if (nowMs > goDeadlineMs(m.cutover.latestRollbackAtMs, m.rehearsal)) {
    return refuse('too-late')
  }
  if (m.standing !== 'moving') {
    return refuse('not-moving', { standing: m.standing })
  }
  if (m.step !== undefined || m.cutover.preparation !== 'done') {
    return refuse('not-ready', { step: m.step?.id ?? finalSync })
  }
  return m.forward && refuse('new-side-not-current', { reasons: m.forward.reasons })
}
