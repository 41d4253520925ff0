import type { ReplicationHealth } from '../measurement/replication-health.ts'
import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import type { WatchedMove } from './watched-move.ts'

/**
 * The state of the way back. `lost` can only be mended by seeding the old side anew; `disarmed` is what closing makes of
 * it on purpose.
 */
export const wayBackStates = ['armed', 'degraded', 'lost', 'disarmed'] as const
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
 * Whether the files of the old side are kept current. Not once a rollback is asked for, which carries them itself and then
 * writes on the old side, and not once the old data is released, which is wiped then.
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

/** How old what has not arrived of a dataset may be, milliseconds, by its name. */
export type WayBackLimits = Readonly<Record<string, number>>

export interface WayBackVerdict {
  readonly state: WayBackState
  /** Every reason found, naming its dataset where there are several; empty when armed. */
  readonly reasons: readonly Said[]
}

/**
 * Judges one measurement: the dataset that is worst off decides. What is only held up, or late, degrades, since it is made
 * up for later. Only a channel that is broken loses the way back.
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
    [...health.reasons, ...lateness(health.lagMs, limits[name])].map((reason) => named(name, reason)),
  )
  const isHealthy = reasons.length === 0 && all.every(([, { channel }]) => channel === 'running')
  return { state: isHealthy ? 'armed' : 'degraded', reasons }
}

/** That nobody has seen a way back armed: a reason that stays until a look finds it so. */
export const armingSkipped = 'arming-skipped'

/**
 * Whether two looks found the same: the same reasons of the same things. What is only counted or measured goes up and down, and
 * is no news, and that nobody has seen it armed is no find of a look.
 */
export function sameReasons(one: readonly Said[], other: readonly Said[]): boolean {
  const [left, right] = [one, other].map((reasons) =>
    [...new Set(reasons.filter(({ code }) => code !== armingSkipped).map(kindOf))].sort(),
  )
  return JSON.stringify(left) === JSON.stringify(right)
}

const kindOf = ({ code, values }: Said): string =>
  JSON.stringify([code, Object.entries(values).filter(([, value]) => typeof value !== 'number')])

function lateness(lagMs: number | undefined, maxLagMs: number | undefined): readonly Said[] {
  if (lagMs === undefined || maxLagMs === undefined || lagMs <= maxLagMs) return []
  return [said('behind', { seconds: Math.round(lagMs / 1000) })]
}
