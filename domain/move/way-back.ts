import type { ReplicationHealth } from '../measurement/replication-health.ts'
import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import type { WatchedMove } from './watched-move.ts'

/**
 * The state of the way back. `armed`: the old side has all there is. `kept`: it stands as it was left, and a rollback copies back what is
 * missing, or goes without it, as the reasons say. `attested`: people say that the old side is kept, and nobody looks. `lost` is repaired only by seeding the old side again; closing sets `disarmed` on purpose.
 */
export const wayBackStates = ['armed', 'kept', 'attested', 'degraded', 'lost', 'disarmed'] as const
export type WayBackState = (typeof wayBackStates)[number]

/** What the playbook of a rollback is bound to: it goes from the side that serves to the one that was left. */
export const backward = {
  hosts: { from: 'target', to: 'source' },
  databases: { from: 'target', to: 'source' },
} as const

/** The step that switches sides back. */
export const switchBack = 'switch-back'

/** The input of a rollback's playbook that says that `from` is gone for good: nothing is done on it. */
export const fromGone = 'from-gone'

/**
 * Whether the files of the old side are kept current. This ends with a rollback, which copies them itself and then writes on
 * the old side, and with the release of the old data, which is then wiped.
 */
export function keepsFiles({ phase, rollbackRequested, retention }: WatchedMove): boolean {
  return (
    phase === 'retention' &&
    rollbackRequested === undefined &&
    retention !== undefined &&
    retention.release === undefined
  )
}

/** What one look at the way back of a move found, for each dataset of its plan by name. */
export interface WayBackMeasurement {
  readonly atMs: number
  readonly oldSideReachable: boolean
  readonly newSideReachable: boolean
  readonly datasets: Readonly<Record<string, ReplicationHealth>>
}

/** The upper bound of a dataset's lag in milliseconds, by dataset name. */
export type WayBackLimits = Readonly<Record<string, number>>

export interface WayBackVerdict {
  readonly state: WayBackState
  /** Every reason found, naming its dataset where there are several; empty when armed. What `kept` comes to is one. */
  readonly reasons: readonly Said[]
}

/**
 * Judges one measurement: the dataset in the worst state decides. A stopped or late channel degrades the way back, since it
 * can catch up; only a broken channel loses it.
 */
export function judgeWayBack({ datasets }: WayBackMeasurement, limits: WayBackLimits): WayBackVerdict {
  const all = Object.entries(datasets)
  const named = (name: string, { code, values }: Said): Said =>
    all.length > 1 ? { code, values: { dataset: name, ...values } } : { code, values }
  const broken = all.filter(([, { channel }]) => channel === 'broken')
  if (broken.length > 0) {
    return {
      state: 'lost',
      reasons: broken.flatMap(([name, { reasons }]) => reasons.map((reason) => named(name, reason))),
    }
  }
  const reasons = all.flatMap(([name, health]) =>
    [...health.reasons, ...(health.channel === 'kept' ? [] : lateness(health.lagMs, limits[name]))].map(
      (reason) => named(name, reason),
    ),
  )
  const isHealthy = reasons.length === 0 && all.every(([, { channel }]) => channel === 'running')
  if (isHealthy) return { state: 'armed', reasons }
  const isKept = all.every(([name, { channel, lagMs, reasons: own }]) =>
    channel === 'running' ? own.length + lateness(lagMs, limits[name]).length === 0 : channel === 'kept',
  )
  return { state: isKept ? 'kept' : 'degraded', reasons }
}

/** That nobody has seen a way back armed: reasons that stay until a look finds it so. */
const untilSeen: ReadonlySet<string> = new Set(['arming-skipped', 'rearmed-not-seen'])

/** Whether a reason goes only when a look finds the way back armed. */
export const staysUntilSeen = ({ code }: Said): boolean => untilSeen.has(code)

/** The step that seeds the old side anew. */
export const rearmStep = 'rearm-way-back'

/**
 * Whether two looks found the same: the same reasons of the same things. What is counted, measured or said by a host differs from
 * look to look, and is no news; that nobody has seen the way back armed is no find of a look.
 */
export function sameReasons(one: readonly Said[], other: readonly Said[]): boolean {
  const [left, right] = [one, other].map((reasons) =>
    [...new Set(reasons.filter((reason) => !staysUntilSeen(reason)).map(kindOf))].sort(),
  )
  return JSON.stringify(left) === JSON.stringify(right)
}

/** What a reason is of. Its other values say how it stands at the moment. */
const subjects: ReadonlySet<string> = new Set(['dataset', 'object', 'objects', 'tables'])

const kindOf = ({ code, values }: Said): string =>
  JSON.stringify([code, Object.entries(values).filter(([name]) => subjects.has(name))])

function lateness(lagMs: number | undefined, maxLagMs: number | undefined): readonly Said[] {
  if (lagMs === undefined || maxLagMs === undefined || lagMs <= maxLagMs) return []
  return [said('behind', { seconds: Math.round(lagMs / 1000) })]
}
