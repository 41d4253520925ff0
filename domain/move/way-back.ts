import type { Migration } from './migration.ts'

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
export function keepsFiles({ phase, rollbackRequested, retention }: Migration): boolean {
  return (
    phase === 'retention' &&
    rollbackRequested === undefined &&
    retention !== undefined &&
    retention.release === undefined
  )
}

/** What one look at the way back found. Missing figures are those the look could not get. */
export interface WayBackMeasurement {
  readonly atMs: number
  readonly oldSideReachable: boolean
  readonly newSideReachable: boolean
  /** pg_replication_slots.wal_status of the reverse slot on the new side; undefined when the slot is gone. */
  readonly slotWalStatus?: 'reserved' | 'extended' | 'unreserved' | 'lost'
  readonly subscriptionEnabled?: boolean
  readonly applyRunning?: boolean
  /** Age of the newest marker written on the new side that has arrived on the old side, milliseconds. */
  readonly markerAgeMs?: number
  readonly retainedWalBytes?: number
  readonly applyErrors?: number
  /** Tables of the new side whose rows do not arrive, because they were made after the way back was. */
  readonly tablesNotFollowed?: number
  /**
   * How long ago the last pass began that carried every file the new side had then, milliseconds by the runner's clock;
   * undefined when the system has no files.
   */
  readonly filesAgeMs?: number
  /** Why files are not carried to the old side, from the second failed pass on until one succeeds. */
  readonly filesFailure?: { readonly code: string; readonly message: string }
}

export interface WayBackLimits {
  readonly maxMarkerAgeMs: number
  readonly maxFilesAgeMs: number
}

export interface WayBackVerdict {
  readonly state: WayBackState
  /** Every reason found, as short stable codes with their figure; empty when armed. */
  readonly reasons: readonly string[]
}

/**
 * Judges one measurement. An unreachable side degrades, and so do files that are not carried: a later pass makes up for it.
 * Only a slot that is gone or invalidated loses the way back.
 */
export function judgeWayBack(m: WayBackMeasurement, limits: WayBackLimits): WayBackVerdict {
  if (m.newSideReachable && (m.slotWalStatus === undefined || m.slotWalStatus === 'lost')) {
    return {
      state: 'lost',
      reasons: [m.slotWalStatus === 'lost' ? 'reverse-slot-invalidated' : 'reverse-slot-missing'],
    }
  }
  const reasons: string[] = []
  if (!m.newSideReachable) reasons.push('new-side-unreachable')
  if (!m.oldSideReachable) reasons.push('old-side-unreachable')
  if (m.slotWalStatus === 'unreserved') reasons.push('reverse-slot-about-to-be-lost')
  if (m.subscriptionEnabled === false) reasons.push('reverse-subscription-disabled')
  if (m.applyRunning === false) reasons.push('reverse-apply-not-running')
  if (m.tablesNotFollowed) reasons.push(`tables-not-followed-${String(m.tablesNotFollowed)}`)
  if (m.markerAgeMs !== undefined && m.markerAgeMs > limits.maxMarkerAgeMs) {
    reasons.push(`marker-late-${String(Math.round(m.markerAgeMs / 1000))}s`)
  }
  if (m.filesFailure !== undefined) reasons.push(`files-${m.filesFailure.code}`)
  if (m.filesAgeMs !== undefined && m.filesAgeMs > limits.maxFilesAgeMs) {
    reasons.push(`files-late-${String(Math.round(m.filesAgeMs / 1000))}s`)
  }
  return { state: reasons.length === 0 ? 'armed' : 'degraded', reasons }
}
