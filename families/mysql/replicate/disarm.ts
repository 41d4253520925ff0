import { MysqlSideServesError } from '../errors.ts'
import { followerOf } from '../server/accounts.ts'
import { dropChannel } from '../server/channel.ts'
import { text } from '../server/quote.ts'
import { recordOf } from '../sides/record.ts'
import { verdictOf } from '../sides/verdict.ts'
import { type MysqlSide, withSession } from '../side.ts'

/**
 * Ends the channels of a pair in both directions, with the accounts for them. The side that was left stays closed, and there is no way back any
 * more. Harmless when repeated.
 * @throws MysqlSideServesError unless the other side serves
 */
export async function disarm(left: MysqlSide, serves: MysqlSide): Promise<void> {
  const [own, other] = await Promise.all([recordOf(left), recordOf(serves)])
  if (verdictOf(own, other, { from: left.name, to: serves.name }) !== 'to' || other?.state !== 'open')
    throw new MysqlSideServesError(left.name, own?.state ?? 'unknown')
  for (const [side, follower] of [
    [left, serves],
    [serves, left],
  ] as const)
    await withSession(side, async (session) => {
      await dropChannel(session)
      await session.run(`DROP USER IF EXISTS ${text(followerOf(follower))}@'%'`)
    })
}
