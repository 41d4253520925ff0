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

/** The last moment at which going back still ends inside the window: window end − rehearsed rollback time. */
export function latestRollbackAtMs(window: CutoverWindow, rehearsed: RehearsedDurations): number {
  return window.endsAtMs - rehearsed.rollbackMs
}

/** Why a window cannot be taken, in a sentence; undefined when it can. */
export function windowProblem(
  window: CutoverWindow,
  rehearsed: RehearsedDurations,
  nowMs: number,
): string | undefined {
  const { startsAtMs, endsAtMs } = window
  if (!Number.isFinite(startsAtMs) || !Number.isFinite(endsAtMs)) {
    return 'The window has no end. Give both its start and its end.'
  }
  if (endsAtMs <= startsAtMs) {
    return `The window ends at "${iso(endsAtMs)}", not after its start "${iso(startsAtMs)}". Give a later end.`
  }
  if (endsAtMs <= nowMs || startsAtMs < nowMs - 60_000) {
    return `The window "${iso(startsAtMs)}" to "${iso(endsAtMs)}" lies in the past; it is now "${iso(nowMs)}". Give a later one.`
  }
  const neededMs = rehearsed.cutoverMs + rehearsed.rollbackMs
  if (endsAtMs - startsAtMs < neededMs) {
    return `The window is ${String(endsAtMs - startsAtMs)} ms long; the rehearsed cutover and rollback need ${String(neededMs)} ms. Give a longer one.`
  }
  return undefined
}

const iso = (ms: number): string => new Date(ms).toISOString()
