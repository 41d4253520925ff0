import { formatInZone } from '../wall-clock.js'
import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'

/** The step that prepares a cutover in its window. */
export const finalSync = 'final-sync'

/** When a cutover may happen. Absolute instants, milliseconds since the epoch. */
export interface CutoverWindow {
  readonly startsAtMs: number
  readonly endsAtMs: number
}

/** How long the rehearsal took, milliseconds: what the real durations are expected to be. */
export interface RehearsedDurations {
  readonly cutoverMs: number
  readonly rollbackMs: number
}

/** What a policy says of windows. */
export interface WindowPolicy {
  readonly timeZone: string
  readonly longestWindowHours: number
}

/** The last moment at which going back still ends inside the window: window end − rehearsed rollback time. */
export function latestRollbackAtMs(window: CutoverWindow, rehearsed: RehearsedDurations): number {
  return window.endsAtMs - rehearsed.rollbackMs
}

/**
 * Until when "go" can be said: a switch that begins later, and takes as long as rehearsed, ends too late to be gone back on
 * inside the window. Nobody having decided by then, the cutover is aborted.
 */
export function goDeadlineMs(latestMs: number, rehearsed: RehearsedDurations | undefined): number {
  return latestMs - (rehearsed?.cutoverMs ?? 0)
}

/** Why a window cannot be taken; undefined when it can. */
export function windowProblem(
  window: CutoverWindow,
  rehearsed: RehearsedDurations,
  nowMs: number,
  { timeZone, longestWindowHours }: WindowPolicy,
): Said | undefined {
  const { startsAtMs, endsAtMs } = window
  const at = (ms: number): string => formatInZone(ms, timeZone)
  if (!Number.isFinite(startsAtMs) || !Number.isFinite(endsAtMs)) {
    return said('window-without-end')
  }
  if (endsAtMs <= startsAtMs) {
    return said('window-ends-before-start', { start: at(startsAtMs), end: at(endsAtMs) })
  }
  if (endsAtMs <= nowMs || startsAtMs < nowMs - 60_000) {
    return said('window-past', { start: at(startsAtMs), end: at(endsAtMs), now: at(nowMs) })
  }
  if (endsAtMs - startsAtMs > longestWindowHours * 3_600_000) {
    return said('window-too-long', { start: at(startsAtMs), end: at(endsAtMs), hours: longestWindowHours })
  }
  const neededMs = rehearsed.cutoverMs + rehearsed.rollbackMs
  if (endsAtMs - startsAtMs < neededMs) {
    return said('window-too-short', { windowMs: endsAtMs - startsAtMs, neededMs })
  }
  return undefined
}
