import type pg from 'pg'
import { diskRoom } from '../server/disk-room.ts'
import { logRate } from '../server/log-rate.ts'
import type { DatabasePort } from '../database.ts'

/** What decides how long a server keeps its log for one that does not follow. */
export interface OutageFacts {
  /** How fast its log grows at its peak. */
  readonly logBytesPerSecond: number
  readonly logFreeBytes?: number
  readonly dataFreeBytes?: number
  /** Why what is free is not known. */
  readonly unknownBecause?: string
  /** How long an outage of the other side the policy wants survived. */
  readonly toSurviveMs: number
}

export async function outageFacts(client: pg.Client, port: DatabasePort): Promise<OutageFacts> {
  const logBytesPerSecond = Math.round(await logRate(client, port))
  return { logBytesPerSecond, ...(await diskRoom(client, port)), toSurviveMs: port.outageToSurviveMs }
}

/** Time in which a log that grows at its peak takes up so much; unknown for a log that does not grow. Pure. */
export function lastsMs(bytes: number, bytesPerSecond: number): number | undefined {
  return bytesPerSecond > 0 ? (bytes / bytesPerSecond) * 1_000 : undefined
}
