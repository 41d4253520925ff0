import { parseDuration } from '../../domain/duration.ts'
import { parseWallClock } from '../../domain/wall-clock.js'

const absolutePattern = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:?\d{2})$/

/**
 * Reads `+30m` (counted from `fromMs`), an ISO time with its offset, or one without, which is meant on the wall clock of
 * `timeZone`. Gives undefined for anything else, a 30th of February and a time that daylight saving leaves out included.
 */
export function parseInstant(text: string, fromMs: number, timeZone: string): number | undefined {
  if (text.startsWith('+')) {
    const durationMs = parseDuration(text.slice(1))
    return durationMs === undefined ? undefined : fromMs + durationMs
  }
  if (!absolutePattern.test(text)) return parseWallClock(text, timeZone)
  const instantMs = Date.parse(text.replace(' ', 'T'))
  return Number.isNaN(instantMs) ? undefined : instantMs
}
