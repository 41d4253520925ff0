import type { Migration } from '../migration.ts'
import { isOver } from '../phase.ts'
import { isSwitched } from '../switches.ts'
import { wayBackStates } from '../way-back.ts'
import { armWayBack } from './skippable-steps.ts'

/**
 * What may be said of a move's way back. `not-needed`: the old side serves. `unknown`: the new side serves, and nobody has
 * looked yet. `arming`: it serves, and the first looks are under way. `given-up`: the new side is gone, and the old one is
 * being opened without it. `unwatched`: the workflow has ended outside Qianyun while the new side serves; what is found is
 * told to nobody. From the retention on it is the state the guard has told.
 */
export const wayBackStandings = [
  'not-needed',
  'unknown',
  'arming',
  ...wayBackStates,
  'given-up',
  'unwatched',
] as const
export type WayBackStanding = (typeof wayBackStandings)[number]

/** How the way back of a move stands, by who serves: a switch that is done is known before its way back is. */
export function wayBackStanding(m: Migration): WayBackStanding {
  if (servesNow(m) === 'old') return 'not-needed'
  if (m.endedOutside !== undefined) return 'unwatched'
  if (!isOver(m) && m.rollbackRequested?.newSideGone) return 'given-up'
  if (!isOver(m) && m.rearm !== undefined) return 'arming'
  if (m.retention !== undefined) return m.retention.wayBack.state
  return !isOver(m) && m.step?.id === armWayBack && m.step.failure === undefined ? 'arming' : 'unknown'
}

/** Where the workflow ended from outside, the side that was found or confirmed; otherwise the last switch. */
function servesNow(m: Migration): 'old' | 'new' {
  return m.endedOutside?.acknowledged?.serves ?? (isSwitched(m) ? 'new' : 'old')
}
