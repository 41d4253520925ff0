import type { Command, Refusal } from '../command.ts'
import { commandRoles, refuse } from '../command.ts'
import { formatInZone } from '../../calendar.ts'
import { goDeadlineMs, windowProblem } from '../cutover-window.ts'
import type { Migration } from '../migration.ts'
import { finalSync } from '../migration.ts'
import type { Actor } from '../../organisation.ts'
import { isOver } from '../phase.ts'
import { signoffRefusal } from '../signoff.ts'
import { skipRefusal } from './skippable-steps.ts'
import { taskRefusal } from './tasks.ts'
import { switchBack } from '../way-back.ts'

/**
 * Why this command by this person is refused now; undefined when it is taken. Pure and complete: the workflow's
 * validators, and every door that wants to say so early, ask here.
 */
export function refusal(m: Migration, command: Command, actor: Actor, nowMs: number): Refusal | undefined {
  return (
    refusalByRole(command, actor) ??
    refusalByStanding(m, command) ??
    refusalByMatter(m, command, actor, nowMs)
  )
}

function refusalByRole(command: Command, actor: Actor): Refusal | undefined {
  const allowed = commandRoles[command.name]
  if (allowed.includes(actor.role)) return undefined
  return refuse(
    'role-not-allowed',
    `"${actor.account}" is ${actor.role}; "${command.name}" is for ${allowed.join(' or ')}. Ask one of them.`,
  )
}

function refusalByStanding(m: Migration, command: Command): Refusal | undefined {
  if (isOver(m)) {
    return refuse(
      'migration-over',
      `The move of "${m.plan.system}" is ${m.standing}; nothing more can be done in it. Launch a new one if the system has to move again.`,
    )
  }
  // An abort is carried out by steps too, which may want to be tried again.
  if (m.abortRequested !== undefined && command.name !== 'report-way-back' && command.name !== 'retry-step') {
    return refuse(
      'abort-under-way',
      `The move of "${m.plan.system}" is being aborted. Wait until it has ended.`,
    )
  }
  return undefined
}

function refusalByMatter(m: Migration, command: Command, actor: Actor, nowMs: number): Refusal | undefined {
  switch (command.name) {
    case 'pause':
    case 'hold':
      return m.standing === 'paused' || m.standing === 'on-hold'
        ? refuse('already-stopped', `The move is already ${m.standing}. Resume it first.`)
        : undefined
    case 'resume':
      return m.standing === 'paused' || m.standing === 'on-hold'
        ? undefined
        : refuse(
            'not-stopped',
            `The move is ${m.standing}, neither paused nor on hold. There is nothing to resume.`,
          )
    case 'abort':
      return abortRefusal(m)
    case 'retry-step':
    case 'skip-step':
      return stepRefusal(m, command)
    case 'take-task':
    case 'complete-task':
    case 'sign-task':
    case 'accept-task':
    case 'reject-task':
      return taskRefusal(m, command, actor)
    case 'amend-report':
      if (m.amendment !== undefined) return beingAmended(m.amendment)
      return m.report && (m.phase === 'recognition' || mayStillAmend(m))
        ? undefined
        : refuse('no-report', 'There is no trial-run report in force that could be amended.')
    case 'sign-report':
      if (m.amendment !== undefined) return beingAmended(m.amendment)
      return m.phase === 'recognition' || m.report === undefined
        ? signoffRefusal(
            m.report,
            m.plan.policy,
            m.plan.organisations,
            m.launchedBy,
            m.signoffs,
            command.signoff,
          )
        : refuse(
            'not-in-recognition',
            `The move is in ${m.phase}; the report is signed in recognition. Signatures can no longer be added.`,
          )
    case 'schedule-cutover':
      return scheduleRefusal(m, command, nowMs)
    case 'decide-cutover':
      return decisionRefusal(m, command, nowMs)
    case 'roll-back':
      return rollBackRefusal(m, command)
    case 'release-retention':
      return releaseRefusal(m, nowMs)
    case 'report-way-back':
      if (m.retention === undefined) return refuse('not-in-retention', 'The move is not in retention.')
      // A rollback takes the way back apart: what a look finds meanwhile is not its loss.
      if (m.rollbackRequested !== undefined)
        return refuse(
          'rollback-under-way',
          'A rollback is under way. The way back is looked at again afterwards.',
        )
      return m.retention.wayBack.state === command.state
        ? refuse('no-news', `The way back is recorded as ${command.state} already.`)
        : undefined
  }
}

const beingAmended = (remark: string): Refusal =>
  refuse(
    'report-being-amended',
    `The report is being amended ("${remark}"). Wait until its next version has been issued.`,
  )

function abortRefusal(m: Migration): Refusal | undefined {
  if (m.step?.id === switchBack) {
    return refuse(
      'switch-under-way',
      'Sides are being switched back, and what is left of it has to be done. Wait for it, or retry where it is blocked.',
    )
  }
  if (isSwitched(m)) {
    return refuse(
      'after-cutover',
      'The system has been cut over; aborting would leave it on neither side. Roll back instead.',
    )
  }
  return m.step?.id === 'switch-over' && !m.step.failure && !waitsForPerson(m)
    ? refuse('switch-under-way', 'The switch is being carried out and ends within its deadline. Wait for it.')
    : undefined
}

/** Nothing runs on hosts while a playbook has come to a step that a person does. */
const waitsForPerson = (m: Migration): boolean =>
  m.tasks.some((t) => t.kind === 'playbook-task' && t.state !== 'closed')

/** Before the go, a recognised report can still be amended: the move then goes back to recognition. */
function mayStillAmend(m: Migration): boolean {
  return m.phase === 'cutover' && !isSwitched(m) && m.cutover?.decision !== 'go'
}

/** Whether the new side serves: the last switch was a cutover. */
export function isSwitched(m: Migration): boolean {
  return m.switches.at(-1)?.kind === 'cutover'
}

const inZone = (m: Migration, ms: number): string => formatInZone(ms, m.plan.policy.timeZone)

function stepRefusal(
  m: Migration,
  command: Extract<Command, { name: 'retry-step' | 'skip-step' }>,
): Refusal | undefined {
  if (m.step?.failure === undefined) {
    return refuse('no-blocked-step', 'No step has failed. Only a failed step can be retried or skipped.')
  }
  if (m.step.id !== command.step) {
    return refuse('other-step', `"${command.step}" is not the failed step; that is "${m.step.id}".`)
  }
  return command.name === 'skip-step' ? skipRefusal(m, command.step) : undefined
}

function scheduleRefusal(
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

function decisionRefusal(
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
      `The window opens at "${inZone(m, m.cutover.window.startsAtMs)}". Say go once it is open.`,
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

function rollBackRefusal(
  m: Migration,
  { newSideGone }: Extract<Command, { name: 'roll-back' }>,
): Refusal | undefined {
  if (!isSwitched(m) || m.phase === 'closing') {
    return refuse(
      'nothing-to-roll-back',
      m.phase === 'closing'
        ? 'The old side has been released and is being closed; there is no way back any more.'
        : 'The system has not been cut over; there is nothing to roll back. Abort instead.',
    )
  }
  if (m.rollbackRequested) return otherWayRefusal(m, newSideGone)
  // What is on the old side may be old, but without the new one it is all there is.
  if (m.retention?.wayBack.state === 'lost' && newSideGone === undefined) {
    return refuse(
      'way-back-lost',
      `The way back is lost (${m.retention.wayBack.reasons.join(', ')}). Seed the old side anew before rolling back.`,
    )
  }
  return undefined
}

/** A rollback that has failed may be tried in the other way: with both sides, or without the new one. */
function otherWayRefusal({ step, rollbackRequested }: Migration, newSideGone?: true): Refusal | undefined {
  if (step?.id !== switchBack || step.failure === undefined) {
    return refuse(
      'already-rolling-back',
      'A rollback is already under way. It ends, or its step fails: then it can be retried, or tried in the other way.',
    )
  }
  return rollbackRequested?.newSideGone === newSideGone
    ? refuse(
        'already-rolling-back',
        `This rollback has been asked for, and its step has failed. Retry the step.`,
      )
    : undefined
}

function releaseRefusal(m: Migration, nowMs: number): Refusal | undefined {
  if (m.phase !== 'retention' || !m.retention) {
    return refuse(
      'not-in-retention',
      `The move is in ${m.phase}, not in retention; there is nothing to release.`,
    )
  }
  if (m.rollbackRequested)
    return refuse('already-rolling-back', 'A rollback is under way; nothing can be released.')
  if (m.retention.release) return refuse('already-released', 'The old side has already been released.')
  if (nowMs < m.retention.untilMs) {
    return refuse(
      'before-retention-end',
      `The old data has to be kept until "${inZone(m, m.retention.untilMs)}"; it is now "${inZone(m, nowMs)}". Release it after that.`,
    )
  }
  return undefined
}
