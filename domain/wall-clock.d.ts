/** The clock of a zone, read as if it were UTC: milliseconds since the epoch. */
export function wallClockMs(instantMs: number, timeZone: string): number

/**
 * The instant at which the clock of a zone shows a time: the first of two where clocks are put back, the first after
 * the gap where they are put forward.
 */
export function instantOf(wallMs: number, timeZone: string): number

/** `2026-11-22 03:14:05` on the clock of a zone: it sorts as text, and no language misreads it. */
export function formatInstant(instantMs: number, timeZone: string): string

/** `03:14:05` on the clock of a zone. */
export function formatClock(instantMs: number, timeZone: string): string

/** `2026-11-22 03:14:05 Asia/Shanghai`. */
export function formatInZone(instantMs: number, timeZone: string): string

/**
 * Reads `2026-11-22 03:14` or `2026-11-22T03:14:05` as the clock of a zone shows it. Undefined for anything else, a 30th
 * of February and a time that daylight saving leaves out included.
 */
export function parseWallClock(text: string, timeZone: string): number | undefined

/** Whether this machine knows a time zone of that name. */
export function isTimeZone(name: string): boolean
