import { formatInZone } from '../calendar.ts'

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

/** Why a window cannot be taken, in a sentence; undefined when it can. */
export function windowProblem(
  window: CutoverWindow,
  rehearsed: RehearsedDurations,
  nowMs: number,
  { timeZone, longestWindowHours }: WindowPolicy,
): string | undefined {
  const { startsAtMs, endsAtMs } = window
  const at = (ms: number): string => formatInZone(ms, timeZone)
  if (!Number.isFinite(startsAtMs) || !Number.isFinite(endsAtMs)) {
    return 'The window has no end. Give both its start and its end.'
  }
  if (endsAtMs <= startsAtMs) {
    return `The window ends at "${at(endsAtMs)}", not after its start "${at(startsAtMs)}". Give a later end.`
  }
  if (endsAtMs <= nowMs || startsAtMs < nowMs - 60_000) {
    return `The window "${at(startsAtMs)}" to "${at(endsAtMs)}" lies in the past; it is now "${at(nowMs)}". Give a later one.`
  }
  if (endsAtMs - startsAtMs > longestWindowHours * 3_600_000) {
    return `The window "${at(startsAtMs)}" to "${at(endsAtMs)}" is longer than the ${String(longestWindowHours)} hours of the policy. Give an earlier end.`
  }
  const neededMs = rehearsed.cutoverMs + rehearsed.rollbackMs
  if (endsAtMs - startsAtMs < neededMs) {
    return `The window is ${String(endsAtMs - startsAtMs)} ms long; the rehearsed cutover and rollback need ${String(neededMs)} ms. Give a longer one.`
  }
  return undefined
}
