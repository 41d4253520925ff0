/** A wall-clock time of a time zone. `month` is 1–12. */
interface WallClock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
  millisecond: number
}

/** A length of time as policies write it. */
export type CalendarSpan = { months: number } | { days: number } | { seconds: number }

/**
 * The instant that lies `span` after `fromMs` on the wall clock of `timeZone`. Months are calendar months, clamped to the
 * month's last day: 30 November + 3 months is the last day of February. A wall-clock time that daylight saving leaves
 * out moves to the first instant after the gap.
 */
export function addSpan(fromMs: number, span: CalendarSpan, timeZone: string): number {
  if ('seconds' in span) return fromMs + span.seconds * 1000
  const wall = wallClockAt(fromMs, timeZone)
  if ('days' in span) return instantOf({ ...wall, day: wall.day + span.days }, timeZone)
  const monthIndex = wall.month - 1 + span.months
  const year = wall.year + Math.floor(monthIndex / 12)
  const month = (((monthIndex % 12) + 12) % 12) + 1
  return instantOf({ ...wall, year, month, day: Math.min(wall.day, daysInMonth(year, month)) }, timeZone)
}

/** How many days the month (1–12) has. */
export function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate()
}

/** An instant for people: the wall clock of a zone, and which zone it is. */
export function formatInZone(instantMs: number, timeZone: string): string {
  const wall = asUtc(wallClockAt(Math.floor(instantMs / 1000) * 1000, timeZone))
  return `${new Date(wall).toISOString().slice(0, 19).replace('T', ' ')} ${timeZone}`
}

function wallClockAt(instantMs: number, timeZone: string): WallClock {
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
  const part = new Map(format.formatToParts(instantMs).map((p) => [p.type, Number(p.value)]))
  const of = (type: Intl.DateTimeFormatPartTypes): number => part.get(type) ?? 0
  return {
    year: of('year'),
    month: of('month'),
    day: of('day'),
    hour: of('hour'),
    minute: of('minute'),
    second: of('second'),
    millisecond: ((instantMs % 1000) + 1000) % 1000,
  }
}

function asUtc(w: WallClock): number {
  return Date.UTC(w.year, w.month - 1, w.day, w.hour, w.minute, w.second, w.millisecond)
}

function instantOf(wall: WallClock, timeZone: string): number {
  const target = asUtc(wall)
  const offsetAt = (ms: number): number => asUtc(wallClockAt(ms, timeZone)) - ms
  // Clocks may change between the guess and the answer, so both offsets around the wanted time are tried.
  const candidates = [offsetAt(target - 86_400_000), offsetAt(target + 86_400_000)].map((o) => target - o)
  const exact = candidates.filter((c) => asUtc(wallClockAt(c, timeZone)) === target)
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
}
