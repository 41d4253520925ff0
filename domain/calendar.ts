import { instantOf, wallClockMs } from './wall-clock.js'

/** A length of time as policies write it. */
export type CalendarSpan = { months: number } | { days: number } | { seconds: number }

/**
 * The instant that lies `span` after `fromMs` on the wall clock of `timeZone`. Months are calendar months, clamped to the
 * month's last day: 30 November + 3 months is the last day of February. A wall-clock time that daylight saving leaves
 * out moves to the first instant after the gap.
 */
export function addSpan(fromMs: number, span: CalendarSpan, timeZone: string): number {
  if ('seconds' in span) return fromMs + span.seconds * 1000
  const wall = new Date(wallClockMs(fromMs, timeZone))
  if ('days' in span) {
    wall.setUTCDate(wall.getUTCDate() + span.days)
  } else {
    const day = wall.getUTCDate()
    // From the first day on, which every month has: from the 31st the month after would be taken.
    wall.setUTCDate(1)
    wall.setUTCMonth(wall.getUTCMonth() + span.months)
    wall.setUTCDate(Math.min(day, daysInMonth(wall.getUTCFullYear(), wall.getUTCMonth() + 1)))
  }
  return instantOf(wall.getTime(), timeZone)
}

/** How many days the month (1–12) has. */
function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}
