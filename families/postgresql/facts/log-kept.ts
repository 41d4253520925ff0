import { hours, megabytes } from '../figures.ts'
import type { DatabaseFacts } from './database-facts.ts'
import { lastsMs } from './outage-facts.ts'

/** How long a server keeps its log for a side that is away, and the figures of the sentence about it. */
interface LogKept {
  readonly survivedMs: number
  readonly toSurviveMs: number
  readonly values: Readonly<Record<string, string | number>>
}

/** Undefined while neither its disk nor a limit is known, and where the log does not grow. Pure. */
export function logKept({ outage, server }: Pick<DatabaseFacts, 'outage' | 'server'>): LogKept | undefined {
  if (outage === undefined) return undefined
  const bounds = [
    ...(outage.logFreeBytes === undefined ? [] : [{ bytes: outage.logFreeBytes, limit: 'pg_wal' }]),
    ...(server.keptLogMegabytes === undefined
      ? []
      : [{ bytes: server.keptLogMegabytes * 2 ** 20, limit: 'max_slot_wal_keep_size' }]),
  ]
  const [tightest] = bounds.toSorted((one, other) => one.bytes - other.bytes)
  if (tightest === undefined) return undefined
  const { logBytesPerSecond, toSurviveMs } = outage
  const survivedMs = lastsMs(tightest.bytes, logBytesPerSecond)
  if (survivedMs === undefined) return undefined
  return {
    survivedMs,
    toSurviveMs,
    values: {
      rate: megabytes(logBytesPerSecond * 3_600),
      room: megabytes(tightest.bytes),
      limit: tightest.limit,
      survived: hours(survivedMs),
      needed: hours(toSurviveMs),
    },
  }
}
