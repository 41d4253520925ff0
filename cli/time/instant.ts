import { parseDuration } from '../../domain/duration.ts'

/** An instant on the wall clock of a zone, `2026-11-22 03:14:05`: it sorts as text, and no language misreads it. */
export function formatInstant(instantMs: number, timeZone: string): string {
  const wall = wallClockAsUtc(Math.floor(instantMs / 1000) * 1000, timeZone)
  return new Date(wall).toISOString().slice(0, 19).replace('T', ' ')
}

/** `03:14:05` in the zone. */
export function formatClock(instantMs: number, timeZone: string): string {
  return formatInstant(instantMs, timeZone).slice(11)
}

const wallClockPattern = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?$/
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
  if (absolutePattern.test(text)) {
    const instantMs = Date.parse(text.replace(' ', 'T'))
    return Number.isNaN(instantMs) ? undefined : instantMs
  }
  const wall = wallClockPattern.exec(text)
  if (wall === null) return undefined
  const written = `${wall[1] ?? ''} ${wall[2] ?? ''}${wall[3] ?? ':00'}`
  const wantedMs = Date.parse(`${written.replace(' ', 'T')}Z`)
  if (Number.isNaN(wantedMs)) return undefined
  // The offset around the wanted time may differ from the one at it, so both sides are tried.
  return [wantedMs - 86_400_000, wantedMs + 86_400_000]
    .map((nearMs) => wantedMs - (wallClockAsUtc(nearMs, timeZone) - nearMs))
    .find((instantMs) => formatInstant(instantMs, timeZone) === written)
}

function wallClockAsUtc(instantMs: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en-u-ca-gregory-nu-latn', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const parts = new Map(format.formatToParts(instantMs).map((part) => [part.type, Number(part.value)]))
  const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
  return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
}
