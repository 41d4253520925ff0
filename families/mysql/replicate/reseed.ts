import type { Waivers } from '../../../domain/plan/waiving.ts'
import { MysqlDiffersError, MysqlSideServesError } from '../errors.ts'
import { type Seeded, seed } from '../seed/seed.ts'
import { awaitRunning, startChannel } from '../server/channel.ts'
import { readRecord, recordOf, writeRecord } from '../sides/record.ts'
import { verdictOf } from '../sides/verdict.ts'
import { type MysqlSide, withSession } from '../side.ts'
import { verify } from '../verify/verify.ts'
import { assertFit, keepClosed, pointAt } from './follow.ts'

export interface ReseedPlan {
  readonly serves: MysqlSide
  /** The side that was left: all it holds is replaced. */
  readonly follows: MysqlSide
  readonly waivers: Waivers
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

const connectWithinMs = 30_000

/**
 * Makes the side that was left anew from the one that serves, has it follow, and compares every row. Run again it begins anew where it had not come
 * to its end.
 * @throws MysqlSideServesError unless the other side serves; MysqlUnfitError, MysqlDiffersError
 */
export async function reseed({ serves, follows, waivers, signal, say }: ReseedPlan): Promise<Seeded> {
  const [own, other] = await Promise.all([recordOf(follows), recordOf(serves)])
  if (verdictOf(own, other, { from: follows.name, to: serves.name }) !== 'to' || other?.state !== 'open')
    throw new MysqlSideServesError(follows.name, own?.state ?? 'unknown')
  await assertFit({ from: serves, to: follows, waivers, isUpgrade: false })
  const { generation } = other
  const note = async (logState: string, unfinished: boolean): Promise<void> =>
    withSession(follows, async (session) => {
      const read = await readRecord(session, follows)
      await writeRecord(session, follows, read, {
        state: 'closed',
        decided: true,
        generation,
        detail: { logState, ...(unfinished && { unfinished: true as const }) },
      })
    })
  await withSession(follows, keepClosed)
  await note('', true)
  const seeded = await seed({ from: serves, to: follows, signal, say })
  await pointAt(follows, serves)
  await withSession(follows, async (session) => {
    await startChannel(session)
    await awaitRunning(session, follows, { applies: true, timeoutMs: connectWithinMs, signal })
  })
  await note(seeded.position, false)
  const { equal, differences } = await verify({ from: serves, to: follows, isAlone: true, signal, say })
  if (!equal) throw new MysqlDiffersError(differences)
  return seeded
}
