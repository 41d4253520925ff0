import { randomBytes } from 'node:crypto'
import type { Waivers } from '../../../domain/plan/waiving.ts'
import { gather } from '../facts/gather.ts'
import { MysqlSideServesError, MysqlTargetNotEmptyError, MysqlUnfitError } from '../errors.ts'
import { judge, obstaclesIn } from '../rules/rule.ts'
import { rules } from '../rules/index.ts'
import { type Seeded, seed } from '../seed/seed.ts'
import { accountsOf, followerOf, lockAccounts, openAccounts } from '../server/accounts.ts'
import { awaitRunning, lookAtChannel, pointChannel, startChannel } from '../server/channel.ts'
import { endOthers, lastConnection } from '../server/others.ts'
import { text } from '../server/quote.ts'
import type { Session } from '../server/session.ts'
import { ensureControl, type ReadRecord, readRecord, recordOf, writeRecord } from '../sides/record.ts'
import { verdictOf } from '../sides/verdict.ts'
import { type MysqlSide, withSession } from '../side.ts'
import { errantOf } from '../sides/errant.ts'

export interface FollowPlan {
  readonly from: MysqlSide
  readonly to: MysqlSide
  /** Whether the pair is to be switched, or the side `to` is a copy for tests. */
  readonly as: 'pair' | 'copy'
  readonly waivers: Waivers
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

export interface Followed {
  /** Absent where the side followed already. */
  readonly seeded?: Seeded
  readonly position: string
}

const connectWithinMs = 30_000

/**
 * Makes the side `to` a copy of `from` that follows it, closed to everybody. Run again it goes on; a copy that follows already stays.
 * @throws MysqlUnfitError, MysqlTargetNotEmptyError, MysqlSideServesError with nothing changed; MysqlChannelError
 */
export async function follow(plan: FollowPlan): Promise<Followed> {
  const { from, to, signal } = plan
  await assertFit(plan)
  await assertFillable(plan)
  await Promise.all([ensureControl(from), ensureControl(to)])
  const seeded = await seededOnce(plan)
  await withSession(to, async (session) => {
    const look = await lookAtChannel(session)
    if (seeded !== undefined || look === undefined) await pointAt(to, from)
    await keepClosed(session)
    await startChannel(session)
    await awaitRunning(session, to, { applies: true, timeoutMs: connectWithinMs, signal })
  })
  const { position } = await withSession(to, async (session) =>
    session.row<{ position: string }>('SELECT @@GLOBAL.gtid_slave_pos AS position'),
  )
  return { ...(seeded && { seeded }), position }
}

/** @throws MysqlUnfitError */
export async function assertFit({
  from,
  to,
  waivers,
  isUpgrade = true,
}: Pick<FollowPlan, 'from' | 'to' | 'waivers'> & {
  /** Whether the side `to` may be no older: the way back leads to one that is. */
  readonly isUpgrade?: boolean
}): Promise<void> {
  const [own, other] = await Promise.all(
    [from, to].map(async (side) => withSession(side, async (session) => gather(session, side))),
  )
  if (own === undefined) return
  const asked = isUpgrade ? rules : rules.filter(({ id }) => id !== 'mysql-target-older')
  const obstacles = obstaclesIn(judge(asked, { from: own, to: other }, waivers))
  if (obstacles.length > 0) throw new MysqlUnfitError(obstacles)
}

/** @throws MysqlSideServesError, MysqlTargetNotEmptyError */
async function assertFillable({ from, to }: FollowPlan): Promise<void> {
  const [own, other] = await Promise.all([recordOf(from), recordOf(to)])
  const verdict = verdictOf(own, other, { from: from.name, to: to.name })
  if (verdict === 'to') throw new MysqlSideServesError(to.name, other?.state ?? 'unknown')
  if (other?.state === 'open') throw new MysqlSideServesError(to.name, 'open')
  if (other !== undefined) return
  const tables = await withSession(to, async (session) =>
    session.rows<{ name: string }>(
      `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${text(to.database)} LIMIT 9`,
    ),
  )
  if (tables.length > 0)
    throw new MysqlTargetNotEmptyError(
      to.name,
      tables.map(({ name }) => name),
    )
}

/** Seeds a side that was not, or not to its end. */
async function seededOnce({ from, to, as, signal, say }: FollowPlan): Promise<Seeded | undefined> {
  const [own, other] = await Promise.all([recordOf(from), recordOf(to)])
  if (own === undefined && as === 'pair')
    await withSession(from, async (session) =>
      writeRecord(session, from, undefined, { state: 'open', generation: 0, detail: { logState: '' } }),
    )
  if (other !== undefined && other.detail.unfinished !== true) {
    const why =
      other.state === 'copy'
        ? await withSession(to, async (session) => unusable(session, to, other))
        : undefined
    if (why === undefined) return undefined
    say(`${to.name} is copied anew: ${why}`)
  }
  await withSession(to, async (session) =>
    writeRecord(session, to, other, {
      state: 'copy',
      generation: 0,
      detail: { logState: '', unfinished: true },
    }),
  )
  await withSession(to, async (session) => shut(session, to, signal))
  const seeded = await seed({ from, to, signal, say })
  await withSession(to, async (session) => {
    const read = await readRecord(session, to)
    const detail = { logState: seeded.position }
    await writeRecord(session, to, read, { state: 'copy', generation: 0, detail })
  })
  return seeded
}

/** Why a copy that never served cannot follow any more. */
async function unusable(
  session: Session,
  to: MysqlSide,
  { detail }: ReadRecord,
): Promise<string | undefined> {
  if (detail.opened === true) return 'it was opened for tests'
  const errant = await errantOf(session, detail.logState)
  if (errant.length > 0) return `it has transactions of its own (${errant.join(', ')})`
  const look = await lookAtChannel(session)
  if (look === undefined || look.applies || look.errno === 0) return undefined
  return `${to.name} stopped at a change: ${look.error}`
}

/**
 * Gives a side the channel by which it follows another one. It gets an account of its own there, with a password that nobody else has. A side that
 * serves has none: a server that is started anew starts its channels by itself.
 */
export async function pointAt(follows: MysqlSide, followed: MysqlSide): Promise<void> {
  const user = followerOf(follows)
  const password = randomBytes(24).toString('hex')
  const demands = followed.tls === undefined ? 'NONE' : 'SSL'
  await withSession(followed, async (session) => {
    await session.run(
      `CREATE OR REPLACE USER ${text(user)}@'%' IDENTIFIED BY ${text(password)} REQUIRE ${demands}`,
    )
    await session.run(`GRANT REPLICATION SLAVE ON *.* TO ${text(user)}@'%'`)
  })
  await withSession(follows, async (session) => pointChannel(session, followed, { user, password }))
}

/** Has nobody write at a server that is to be filled: its accounts are locked, and whoever is connected is not any more. */
async function shut(session: Session, to: MysqlSide, signal: AbortSignal): Promise<void> {
  await keepClosed(session)
  const open = openAccounts(await accountsOf(session, []))
  await lockAccounts(session, open)
  const locked = open.map(({ user }) => user)
  const lockedAt = await lastConnection(session)
  const known = { adminUser: to.adminUser, follower: followerOf(to), lockedAt, locked }
  await endOthers(session, known, signal)
}

/** A server that is started anew has forgotten both; locked accounts it has not. */
export async function keepClosed(session: Session): Promise<void> {
  await session.run('SET GLOBAL read_only = ON')
  await strict(session)
}

/** A transaction that is out of its order stops a channel, where it would else be taken in between. */
export async function strict(session: Session): Promise<void> {
  await session.run('SET GLOBAL gtid_strict_mode = ON')
}
