import type { DatasetLook, ReplicationHealth } from '../../domain/measurement/replication-health.ts'
import type { LookedAtMove } from '../../domain/move/watched-move.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { WayBackPorts, WayBackWatcher } from '../way-back.ts'
import { readRecord, type SideRecord } from './record.ts'
import type { CommandsSide } from './side.ts'
import { isCopiedTo } from './switch/plan.ts'

const lookEveryMs = 30_000

/**
 * Looks whether the old side is kept as it was left. Nothing brings it what the new side takes: a rollback copies that back, or goes without
 * it, and the health says which.
 */
export class ColdWayBack implements WayBackWatcher {
  readonly maxLagMs = { lab: Number.MAX_SAFE_INTEGER, production: Number.MAX_SAFE_INTEGER }
  private readonly looks = new Map<string, { readonly atMs: number; readonly look: Promise<DatasetLook> }>()

  constructor(private readonly opened: WayBackPorts<CommandsSide>['opened']) {}

  keepOnly(moves: readonly LookedAtMove[]): void {
    const wanted = new Set(moves.map(({ migration }) => migration))
    for (const key of this.looks.keys()) {
      if (!wanted.has(key.slice(0, key.lastIndexOf('/')))) this.looks.delete(key)
    }
  }

  /** A look logs in to both hosts, so one is good for half a minute. */
  async look(move: LookedAtMove, dataset: string, atMs: number): Promise<DatasetLook> {
    const key = `${move.migration}/${dataset}`
    const last = this.looks.get(key)
    if (last !== undefined && atMs - last.atMs < lookEveryMs) return last.look
    const look = lookAt(this.opened(move, dataset, 'source'), this.opened(move, dataset, 'target'))
    this.looks.set(key, { atMs, look })
    return look
  }

  async stop(): Promise<void> {
    this.looks.clear()
  }
}

interface SeenSide {
  readonly record: SideRecord | undefined
  readonly stopped: boolean
  readonly running: boolean
}

async function see(side: CommandsSide): Promise<SeenSide | undefined> {
  try {
    const [{ record }, stopped, running] = await Promise.all([
      readRecord(side),
      side.asks('is-stopped'),
      side.asks('is-running'),
    ])
    return { record, stopped, running }
  } catch {
    return undefined
  }
}

async function lookAt(old: CommandsSide, newSide: CommandsSide): Promise<DatasetLook> {
  const [left, serving] = await Promise.all([see(old), see(newSide)])
  return {
    health: healthOf(left, serving, isCopiedTo(old)),
    reached: { old: left !== undefined, new: serving !== undefined },
  }
}

function healthOf(
  left: SeenSide | undefined,
  serving: SeenSide | undefined,
  isCopiedBack: boolean,
): ReplicationHealth {
  const since = left?.record?.since ?? ''
  const kept = isCopiedBack ? said('kept-copied-back', { since }) : said('kept-as-left', { since })
  const found: readonly (readonly [ReplicationHealth['channel'], Said])[] = [
    ['kept', kept],
    ...(serving === undefined ? [['stopped', said('new-side-unreachable')] as const] : []),
    ...(serving?.running === false ? [['stopped', said('new-side-not-running')] as const] : []),
    ...(left === undefined ? [['stopped', said('old-side-unreachable')] as const] : []),
    ...(left?.record === undefined && left !== undefined
      ? [['at-risk', said('old-side-without-record')] as const]
      : []),
    ...(left?.stopped === false ? [['at-risk', said('old-side-runs')] as const] : []),
  ]
  const worst = found.reduce(
    (most, [channel]) => (order[channel] > order[most] ? channel : most),
    found[0]?.[0] ?? 'kept',
  )
  const leftAtMs = left?.record?.state === 'closed' ? Date.parse(left.record.since) : undefined
  return {
    channel: worst,
    ...(leftAtMs !== undefined && { lagMs: Math.max(0, Date.now() - leftAtMs) }),
    figures: {},
    reasons: found.map(([, reason]) => reason),
  }
}

const order: Readonly<Record<ReplicationHealth['channel'], number>> = {
  running: 0,
  kept: 1,
  stopped: 2,
  'at-risk': 3,
  broken: 4,
}
