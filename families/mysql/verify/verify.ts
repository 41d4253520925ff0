import { setTimeout as sleep } from 'node:timers/promises'
import { MysqlBehindError } from '../errors.ts'
import { tableNames } from '../seed/schema.ts'
import { openSnapshot, releaseTables } from '../seed/snapshot.ts'
import { lookAtChannel, startChannel, startUntil, stopChannel } from '../server/channel.ts'
import { covers } from '../server/gtid.ts'
import type { Session } from '../server/session.ts'
import { alone } from '../sides/alone.ts'
import { type MysqlSide, withSession } from '../side.ts'
import { compareTable } from './ranges.ts'
import { differingDefinitions } from './definitions.ts'

export interface VerifyPlan {
  /** The side that serves. */
  readonly from: MysqlSide
  /** A side that follows it, or a copy of it. */
  readonly to: MysqlSide
  /** The caller works alone on both sides already. */
  readonly isAlone?: true
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** Plain JSON. */
export interface Verified {
  readonly equal: boolean
  readonly tables: number
  readonly rows: number
  readonly ranges: number
  /** Ranges of rows and definitions that are not the same. */
  readonly differences: readonly string[]
  /** The transaction as of which both were compared; absent where the one does not follow the other. */
  readonly asOf?: string
}

const reachWithinMs = 120_000

/**
 * Compares every row of two sides. Where one follows the other it is stopped at a transaction of the other's snapshot, so both are compared
 * as of the same one while everybody goes on writing.
 */
export async function verify({ from, to, isAlone, signal, say }: VerifyPlan): Promise<Verified> {
  return withSession(from, async (own) =>
    withSession(to, async (other) => {
      const look = await lookAtChannel(other)
      const follows = look !== undefined
      const meet = async (): Promise<string> => sameInstant(own, other, to, signal)
      // Nobody else starts or points the channel while it is stopped.
      const asOf = !follows ? undefined : await (isAlone ? meet() : alone([from, to], meet))
      if (!follows) await Promise.all([openSnapshot(own), openSnapshot(other)])
      const tables = await tableNames(own, from.database)
      const found = { rows: 0, ranges: 0, differences: [] as string[] }
      for (const [at, table] of tables.entries()) {
        const compared = await compareTable(own, other, { database: from.database, table }, signal).catch(
          (error: unknown) => {
            // A table that is missing is told with the definitions; what else fails is no comparison.
            if (isMissing(error)) return { rows: 0, ranges: 0, differing: [table] }
            throw error
          },
        )
        await Promise.all([releaseTables(own), releaseTables(other)])
        found.rows += compared.rows
        found.ranges += compared.ranges
        found.differences.push(...compared.differing)
        if (at % 50 === 49) say(`${String(at + 1)} of ${String(tables.length)} tables compared`)
      }
      found.differences.push(...(await differingDefinitions(own, other, from.database)))
      return {
        ...found,
        equal: found.differences.length === 0,
        tables: tables.length,
        ...(asOf !== undefined && { asOf }),
      }
    }),
  )
}

function isMissing(error: unknown): boolean {
  const code: unknown = typeof error === 'object' && error !== null && 'code' in error ? error.code : ''
  return code === 'ER_NO_SUCH_TABLE' || code === 'ER_BAD_FIELD_ERROR'
}

/** @throws MysqlBehindError, with the side going on to follow */
async function sameInstant(
  own: Session,
  other: Session,
  to: MysqlSide,
  signal: AbortSignal,
): Promise<string> {
  await stopChannel(other)
  try {
    const position = await openSnapshot(own)
    await startUntil(other, position)
    const giveUpAtMs = Date.now() + reachWithinMs
    for (;;) {
      const look = await lookAtChannel(other)
      if (look !== undefined && covers(look.position, position)) break
      if (Date.now() > giveUpAtMs || (look !== undefined && look.errno !== 0))
        throw new MysqlBehindError(to.name, position, reachWithinMs)
      await sleep(10, undefined, { signal })
    }
    await openSnapshot(other)
    return position
  } finally {
    await startChannel(other).catch(() => undefined)
  }
}
