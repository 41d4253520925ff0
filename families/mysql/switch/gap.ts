import { said } from '../../../domain/words/said.ts'
import { MysqlBehindError, MysqlFenceLeaksError } from '../errors.ts'
import { accountsOf, followerOf, lockAccounts, openAccounts } from '../server/accounts.ts'
import { awaitPosition, stopChannel } from '../server/channel.ts'
import { eventsOf, turnEvents } from '../server/events.ts'
import { endOthers, type Known, lastConnection, othersOn } from '../server/others.ts'
import type { Session } from '../server/session.ts'
import { type Fence, type ReadRecord, writeMarker, writeRecord } from '../sides/record.ts'
import type { MysqlSide } from '../side.ts'
import { leaveGuard } from './guard-event.ts'
import type { Clock, SwitchPlan, SwitchResult } from './plan.ts'
import { assertNoErrant } from '../sides/errant.ts'
import type { Parts } from './ready.ts'

/** What a fence will take: the accounts that are open, and the events that run. */
export async function fenceOf(session: Session, side: MysqlSide, follower: string): Promise<Fence> {
  const [accounts, events] = [await accountsOf(session, [follower]), await eventsOf(session, side.database)]
  return {
    accounts: [...openAccounts(accounts)],
    events: events.filter(({ isOn }) => isOn).map(({ event }) => event),
  }
}

/** The refusals of a login that is as good as none: the account is locked, unknown from here, or its password another one. */
const refusals = new Set([4151, 1045, 1130, 1698])

/**
 * From the closing of `from` to the decision: nobody else is connected there and nobody can come, its log stands still, and `to` has all of
 * it. Any failure before the decision leaves it undone.
 * @returns the record that decides
 */
export async function gap(
  plan: SwitchPlan,
  parts: Parts,
  records: { readonly from: ReadRecord; readonly to: ReadRecord; readonly fence: Fence },
  clock: Clock,
  signal: AbortSignal,
): Promise<ReadRecord> {
  const { from, to, deadlineMs } = plan
  const generation = Math.max(records.from.generation, records.to.generation) + 1
  const detail = {
    fence: records.fence,
    logState: '',
    goesOnUntil: new Date(Date.now() + deadlineMs).toISOString(),
  }
  const closed = await clock.run('close', async () => {
    const record = await writeRecord(parts.from, from, records.from, { state: 'closed', generation, detail })
    await leaveGuard(parts.from, from, record, deadlineMs)
    return record
  })
  const lockedAt = await clock.run('fence', async () => {
    await lockAccounts(parts.from, records.fence.accounts)
    await turnEvents(parts.from, from.database, records.fence.events, 'DISABLE ON SLAVE')
    return lastConnection(parts.from)
  })
  const locked = records.fence.accounts.map(({ user }) => user)
  const known = { adminUser: from.adminUser, follower: followerOf(to), lockedAt, locked }
  const sessionsEnded = await clock.run('end', async () => {
    const ended = await endOthers(parts.from, known, signal)
    await parts.from.run('SET GLOBAL read_only = ON')
    return ended
  })
  await clock.run('prove', async () => prove(from, parts.from, known))
  const last = await clock.run('marker', async () => writeMarker(parts.logged, from))
  await clock.run('wait', async () => {
    await awaitPosition(parts.to, to, last, deadlineMs)
    await assertNoErrant(parts.to, to, records.to)
    await stopChannel(parts.to)
  })
  signal.throwIfAborted()
  return clock.run('decide', async () => {
    const { position, state } = await parts.from.row<{ position: string; state: string }>(
      'SELECT @@GLOBAL.gtid_binlog_pos AS position, @@GLOBAL.gtid_binlog_state AS state',
    )
    // Whoever wrote after the marker did so past the fence.
    if (position !== last) throw new MysqlBehindError(to.name, position, 0)
    const switched: Partial<SwitchResult> = { anatomyMs: { ...clock.spent }, sessionsEnded, last }
    return writeRecord(parts.from, from, closed, {
      state: 'closed',
      generation,
      decided: true,
      since: closed.since,
      detail: { ...detail, logState: state, last, switched },
    })
  })
}

/** @throws MysqlFenceLeaksError with everybody who could still write */
async function prove(side: MysqlSide, session: Session, known: Known): Promise<void> {
  const logins = await Promise.all(
    side.appUsers.map(async (user) => ({ user, refusal: await side.tryAppLogin(user) })),
  )
  const open = openAccounts(await accountsOf(session, [known.follower]))
  const others = await othersOn(session, known)
  const leaks = [
    ...open.map(({ user, host }) => said('mysql-leak-account', { account: `${user}@${host}` })),
    ...others.map(({ words }) => said('mysql-leak-session', { session: words })),
    ...logins.flatMap(({ user, refusal }) =>
      refusal !== undefined && refusals.has(refusal) ? [] : [said('mysql-leak-login', { user })],
    ),
    ...((await session.rows('XA RECOVER')).length > 0 ? [said('mysql-leak-prepared')] : []),
  ]
  if (leaks.length > 0) throw new MysqlFenceLeaksError(side.name, leaks)
}
