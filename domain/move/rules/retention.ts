import { formatInZone } from '../../wall-clock.js'
import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import { dumpRefusal, mayGiveUpOldSide } from '../giving-up.ts'
import type { Migration } from '../migration.ts'
import { isSwitched } from '../switches.ts'
import { readReason } from '../recorded-reason.ts'
import { sameReasons, switchBack } from '../way-back.ts'

/** Why the move is not rolled back. */
export function rollBackRefusal(
  m: Migration,
  { newSideGone }: Extract<Command, { name: 'roll-back' }>,
): Refusal | undefined {
  // Sides are switched back, and what is left of the rollback wants a new side that is there no more.
  if (!isSwitched(m) && newSideGone && isStuck(m)) {
    return m.rollbackRequested?.newSideGone ? refuse('already-rolling-back') : undefined
  }
  if (!isSwitched(m) || m.phase === 'closing') {
    return refuse('nothing-to-roll-back', { phase: m.phase })
  }
  if (m.rollbackRequested) return otherWayRefusal(m, newSideGone)
  // What is on the old side may be old, but without the new one it is all there is.
  if (m.rearm && newSideGone === undefined) return refuse('rearm-under-way')
  if (m.retention?.wayBack.state === 'lost' && newSideGone === undefined) {
    return refuse('way-back-lost', { reasons: m.retention.wayBack.reasons })
  }
  return undefined
}

const isStuck = ({ step }: Migration): boolean => step?.id === switchBack && step.failure !== undefined

/** A rollback that has failed may be tried in the other way: with both sides, or without the new one. */
function otherWayRefusal({ step, rollbackRequested }: Migration, newSideGone?: true): Refusal | undefined {
  if (step?.id !== switchBack || step.failure === undefined) {
    return refuse('already-rolling-back')
  }
  return rollbackRequested?.newSideGone === newSideGone ? refuse('already-rolling-back') : undefined
}

/** Why the old side is not seeded anew. */
export function rearmRefusal(
  m: Migration,
  { giveUp }: Extract<Command, { name: 'rearm-way-back' }>,
): Refusal | undefined {
  if (m.phase !== 'retention' || !m.retention) return refuse('not-in-retention', { phase: m.phase })
  if (m.rollbackRequested) return refuse('already-rolling-back')
  if (m.retention.release) return refuse('already-released')
  if (giveUp)
    return mayGiveUpOldSide(m) ? dumpRefusal(m, giveUp) : refuse('nothing-to-give-up', { step: m.step?.id })
  if (m.rearm) return refuse('rearm-under-way')
  if (m.schemaChange?.state === 'running') return refuse('schema-change-under-way')
  return m.retention.wayBack.state === 'armed' ? refuse('way-back-is-armed') : undefined
}

/** Why a measurement of the way back is refused. */
export function wayBackRefusal(
  m: Migration,
  { state, reasons }: Extract<Command, { name: 'report-way-back' }>,
): Refusal | undefined {
  if (m.retention === undefined) return refuse('not-in-retention', { phase: m.phase })
  // A rollback takes the way back apart: what a look finds meanwhile is not its loss.
  if (m.rollbackRequested !== undefined) {
    return refuse('rollback-under-way')
  }
  // What a look finds of a side that is being filled is no news.
  if (m.rearm !== undefined) return refuse('rearm-under-way')
  const known = m.retention.wayBack
  return known.state === state && sameReasons(known.reasons, reasons.map(readReason))
    ? refuse('no-news', { state })
    : undefined
}

/** Why the old side is not released. */
export function releaseRefusal(m: Migration, nowMs: number): Refusal | undefined {
  // A release that was recorded before they were signed is given anew.
  const isUnsigned = m.phase === 'closing' && m.retention?.release?.signed === undefined
  if ((m.phase !== 'retention' && !isUnsigned) || !m.retention) {
    return refuse('not-in-retention', { phase: m.phase })
  }
  if (m.rollbackRequested) return refuse('already-rolling-back')
  if (m.retention.release && !isUnsigned) return refuse('already-released')
  if (m.rearm) return refuse('rearm-under-way')
  const inZone = (ms: number): string => formatInZone(ms, m.plan.policy.timeZone)
  if (nowMs < m.retention.untilMs) {
    return refuse('before-retention-end', { until: inZone(m.retention.untilMs), now: inZone(nowMs) })
  }
  return undefined
}
