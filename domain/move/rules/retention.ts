import { formatInZone } from '../../calendar.ts'
import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import type { Migration } from '../migration.ts'
import { isSwitched } from '../switches.ts'
import { switchBack } from '../way-back.ts'

/** Why the move is not rolled back. */
export function rollBackRefusal(
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

/** Why a look at the way back is not taken. */
export function wayBackRefusal(
  m: Migration,
  { state }: Extract<Command, { name: 'report-way-back' }>,
): Refusal | undefined {
  if (m.retention === undefined) return refuse('not-in-retention', 'The move is not in retention.')
  // A rollback takes the way back apart: what a look finds meanwhile is not its loss.
  if (m.rollbackRequested !== undefined) {
    return refuse(
      'rollback-under-way',
      'A rollback is under way. The way back is looked at again afterwards.',
    )
  }
  return m.retention.wayBack.state === state
    ? refuse('no-news', `The way back is recorded as ${state} already.`)
    : undefined
}

/** Why the old side is not released. */
export function releaseRefusal(m: Migration, nowMs: number): Refusal | undefined {
  if (m.phase !== 'retention' || !m.retention) {
    return refuse(
      'not-in-retention',
      `The move is in ${m.phase}, not in retention; there is nothing to release.`,
    )
  }
  if (m.rollbackRequested)
    return refuse('already-rolling-back', 'A rollback is under way; nothing can be released.')
  if (m.retention.release) return refuse('already-released', 'The old side has already been released.')
  const inZone = (ms: number): string => formatInZone(ms, m.plan.policy.timeZone)
  if (nowMs < m.retention.untilMs) {
    return refuse(
      'before-retention-end',
      `The old data has to be kept until "${inZone(m.retention.untilMs)}"; it is now "${inZone(nowMs)}". Release it after that.`,
    )
  }
  return undefined
}
