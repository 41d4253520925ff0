import type { DatasetLook, ReplicationHealth } from '../../domain/measurement/replication-health.ts'
import type { LookedAtMove } from '../../domain/move/watched-move.ts'
import { messageOf } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { inForeignWords, said } from '../../domain/words/said.ts'
import type { WayBackPorts, WayBackWatcher } from '../way-back.ts'
import { accountsOf, followerOf, openAccounts } from './server/accounts.ts'
import { type ChannelLook, lookAtChannel, startChannel } from './server/channel.ts'
import { covers } from './server/gtid.ts'
import { isWorkedOn } from './sides/alone.ts'
import { readRecord, type ReadRecord } from './sides/record.ts'
import { strict as beStrict } from './replicate/follow.ts'
import type { Numeral, SessionOptions } from './server/session.ts'
import { type MysqlSide, withSession } from './side.ts'
import { errantOf } from './sides/errant.ts'

type Channel = ReplicationHealth['channel']
type Reason = readonly [Channel, Said]

const order: readonly Channel[] = ['running', 'kept', 'stopped', 'at-risk', 'broken']
/** How long a login, and each question of a look, may take. */
const lookTimeoutMs = 5_000
/** A position that the log of the other server no longer has. */
const positionGone = 1236

/** What a look at the side that follows finds. */
interface Follower {
  readonly record: ReadRecord | undefined
  readonly channel: ChannelLook | undefined
  readonly errant: readonly string[]
  readonly open: readonly string[]
  readonly strict: boolean
}

interface Serving {
  readonly position: string
  readonly log: string
}

/** Looks how well the old side of a dataset follows the new one, by connections that are made and ended with each look. */
export class MysqlWayBack implements WayBackWatcher {
  readonly maxLagMs = { lab: 2_000, production: 30_000 }
  /** When the old side was last seen to have everything. */
  private readonly current = new Map<string, number>()

  private readonly inTime: SessionOptions

  constructor(
    private readonly opened: WayBackPorts<MysqlSide>['opened'],
    answersWithinMs: number = lookTimeoutMs,
  ) {
    this.inTime = { connectTimeoutMs: answersWithinMs, answersWithinMs }
  }

  keepOnly(moves: readonly LookedAtMove[]): void {
    const wanted = new Set(moves.map(({ migration }) => migration))
    for (const key of this.current.keys())
      if (!wanted.has(key.slice(0, key.lastIndexOf('/')))) this.current.delete(key)
  }

  async look(move: LookedAtMove, dataset: string, atMs: number): Promise<DatasetLook> {
    const [old, newSide] = [this.opened(move, dataset, 'source'), this.opened(move, dataset, 'target')]
    const [left, serving] = await Promise.all([
      seeFollower(old, newSide, this.inTime).catch(() => undefined),
      seeServing(newSide, this.inTime).catch(() => undefined),
    ])
    const reasons = [
      ...(serving === undefined ? [['stopped', said('new-side-unreachable')] as const] : []),
      ...(left === undefined ? [['stopped', said('old-side-unreachable')] as const] : reasonsOf(left)),
    ]
    const key = `${move.migration}/${dataset}`
    const hasAll =
      left?.channel !== undefined && serving !== undefined && covers(left.channel.position, serving.position)
    if (hasAll) this.current.set(key, atMs)
    const lagMs = hasAll ? 0 : lagOf(left?.channel, atMs - (this.current.get(key) ?? atMs))
    return {
      health: {
        channel: worst(reasons),
        ...(lagMs !== undefined && { lagMs }),
        figures: { errors: left?.channel !== undefined && left.channel.errno !== 0 ? 1 : 0 },
        reasons: reasons.map(([, reason]) => reason),
      },
      reached: { old: left !== undefined, new: serving !== undefined },
    }
  }

  /** Sets a channel going again that a verification or a switch that was undone has left stopped. */
  async lookAfterForward(move: LookedAtMove, dataset: string): Promise<readonly Said[]> {
    const newSide = this.opened(move, dataset, 'target')
    try {
      return await withSession(
        newSide,
        async (session) => {
          const record = await readRecord(session, newSide)
          if (record === undefined || record.state === 'open' || record.detail.unfinished === true) return []
          const channel = await lookAtChannel(session)
          if (channel === undefined) return [said('mysql-forward-no-channel', { dataset })]
          // A verification stops it for a moment, and starts it by itself.
          if (channel.errno === 0 && !channel.applies && !(await isWorkedOn(session, newSide)))
            await startChannel(session)
          return channel.errno === 0
            ? []
            : [said('mysql-forward-broken', { dataset, because: inForeignWords(channel.error) })]
        },
        this.inTime,
      )
    } catch (error) {
      return [said('forward-not-looked-at', { dataset, because: inForeignWords(messageOf(error)) })]
    }
  }

  async stop(): Promise<void> {
    this.current.clear()
  }
}

async function seeFollower(side: MysqlSide, other: MysqlSide, inTime: SessionOptions): Promise<Follower> {
  return withSession(
    side,
    async (session) => {
      const record = await readRecord(session, side)
      const isLeft = record?.state === 'closed' && record.decided
      // A server that was started anew has forgotten it. Its "read_only" is left alone here: a switch back may be opening it.
      if (isLeft) await beStrict(session)
      const { strict } = await session.row<{ strict: Numeral }>('SELECT @@GLOBAL.gtid_strict_mode AS strict')
      return {
        record,
        channel: await lookAtChannel(session),
        errant: isLeft ? await errantOf(session, record.detail.logState) : [],
        open: openAccounts(await accountsOf(session, [followerOf(other)])).map(
          ({ user, host }) => `${user}@${host}`,
        ),
        strict: Number(strict) === 1,
      }
    },
    inTime,
  )
}

async function seeServing(side: MysqlSide, inTime: SessionOptions): Promise<Serving> {
  return withSession(
    side,
    async (session) =>
      session.row<{ position: string; log: string }>(
        'SELECT @@GLOBAL.gtid_binlog_pos AS position, @@GLOBAL.log_bin AS log',
      ),
    inTime,
  )
}

function reasonsOf({ record, channel, errant, open, strict }: Follower): readonly Reason[] {
  return [
    ...channelReasons(channel),
    ...(errant.length > 0
      ? [['at-risk', said('mysql-old-side-errant', { transactions: errant })] as const]
      : []),
    ...(record?.state === 'closed' && open.length > 0
      ? [['at-risk', said('mysql-old-side-lets-in', { accounts: open })] as const]
      : []),
    ...(record?.detail.unfinished === true ? [['broken', said('mysql-old-side-unfinished')] as const] : []),
    ...(strict ? [] : [['at-risk', said('mysql-old-side-not-strict')] as const]),
  ]
}

function channelReasons(channel: ChannelLook | undefined): readonly Reason[] {
  if (channel === undefined) return [['stopped', said('mysql-reverse-channel-missing')]]
  if (channel.errno === positionGone)
    return [['broken', said('mysql-reverse-log-gone', { because: inForeignWords(channel.error) })]]
  if (channel.errno !== 0 && !channel.applies)
    return [['at-risk', said('mysql-reverse-channel-failed', { because: inForeignWords(channel.error) })]]
  if (channel.fetches === 'no' || !channel.applies)
    return [['stopped', said('mysql-reverse-channel-stopped')]]
  if (channel.fetches === 'connecting') return [['stopped', said('mysql-reverse-channel-connects')]]
  return []
}

function worst(reasons: readonly Reason[]): Channel {
  const found = reasons.map(([channel]) => order.indexOf(channel))
  return order[Math.max(0, ...found)] ?? 'running'
}

/** What it says itself, in whole seconds, or how long ago it was seen to have everything: whichever is more. */
function lagOf(channel: ChannelLook | undefined, sinceCurrentMs: number): number | undefined {
  if (channel === undefined) return undefined
  return Math.max((channel.behindSeconds ?? 0) * 1_000, sinceCurrentMs)
}
