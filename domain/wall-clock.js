// Plain JavaScript, because the page loads this very file.

const dayMs = 86_400_000

/** The clock of a zone, read as if it were UTC: milliseconds since the epoch. */
export function wallClockMs(instantMs, timeZone) {
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
  const wholeMs = Math.floor(instantMs / 1000) * 1000
  const part = Object.fromEntries(
    format.formatToParts(wholeMs).map(({ type, value }) => [type, Number(value)]),
  )
  const { year, month, day, hour, minute, second } = part
  return Date.UTC(year, month - 1, day, hour, minute, second, instantMs - wholeMs)
}

/**
 * The instant at which the clock of a zone shows a time: the first of two where clocks are put back, the first after
 * the gap where they are put forward.
 */
export function instantOf(wallMs, timeZone) {
  // Clocks may change between the guess and the answer, so both offsets around the wanted time are tried.
  const candidates = [wallMs - dayMs, wallMs + dayMs].map(
    (nearMs) => wallMs - (wallClockMs(nearMs, timeZone) - nearMs),
  )
  const exact = candidates.filter((instantMs) => wallClockMs(instantMs, timeZone) === wallMs)
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates)
}

/** `2026-11-22 03:14:05` on the clock of a zone, the machine's own when none is given: it sorts as text, and no language misreads it. */
export function formatInstant(instantMs, timeZone) {
  return new Date(wallClockMs(instantMs, timeZone)).toISOString().slice(0, 19).replace('T', ' ')
}

/** `03:14:05` on the clock of a zone. */
export function formatClock(instantMs, timeZone) {
  return formatInstant(instantMs, timeZone).slice(11)
}

/** `2026-11-22 03:14:05 Asia/Shanghai`. */
export function formatInZone(instantMs, timeZone) {
  return `${formatInstant(instantMs, timeZone)} ${timeZone}`
}

const written = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?$/

/**
 * Reads `2026-11-22 03:14` or `2026-11-22T03:14:05` as the clock of a zone shows it. Undefined for anything else, a 30th
 * of February and a time that daylight saving leaves out included.
 */
export function parseWallClock(text, timeZone) {
  const [, date, time, seconds = ':00'] = written.exec(text) ?? []
  const wallMs = Date.parse(`${date}T${time}${seconds}Z`)
  if (Number.isNaN(wallMs)) return undefined
  const instantMs = instantOf(wallMs, timeZone)
  return formatInstant(instantMs, timeZone) === `${date} ${time}${seconds}` ? instantMs : undefined
}

/** Whether this machine knows a time zone of that name. */
export function isTimeZone(name) {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}
