import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import type { SidesLook } from './workflow-end.ts'

/** The step that makes the new side follow the old one. */
export const startReplicationStep = 'start-replication'
/** The step that switches to the new side. */
export const switchOverStep = 'switch-over'
/** The step that takes the copy of the data off staging, where the end of the move could not. */
export const clearStagingStep = 'clear-staging'
/** The step of an abort that makes sure that the old side serves. */
export const lookAtSidesStep = 'look-at-sides'

/**
 * What settling will do with a pair found so, for people. The servers' own records decide when it is done; nothing here is
 * taken for granted then.
 */
export function settlementOf(found: SidesLook, newSideGone: boolean): Said {
  const { old, new: newSide } = found
  if (old === 'open' && newSide === 'open') return said('settle-two-open')
  if (old === 'mixed') return said('settle-mixed')
  if (newSide === 'stale') return said('settle-new-stale')
  if (old === 'stale') return said('settle-old-stale')
  if (old === 'open') return said('settle-old-serves')
  if (newSide === 'open') return said(newSideGone ? 'settle-new-answers' : 'settle-new-serves')
  if (old === 'no-answer') return said('settle-waits-for-old')
  if (newSideGone)
    return said(newSide === 'no-answer' && old === 'closed' ? 'settle-alone' : 'settle-new-answers')
  if (newSide === 'no-answer') return said('settle-waits-for-new')
  return said(old === 'never-switched' ? 'settle-old-serves' : 'settle-both-closed')
}
