/**
 * The state of the way back. `lost` can only be mended by seeding the old side anew; `disarmed` is what closing makes of
 * it on purpose.
 */
export const wayBackStates = ['armed', 'degraded', 'lost', 'disarmed'] as const
export type WayBackState = (typeof wayBackStates)[number]

/** What one look at the reverse replication found. Missing figures are those the look could not get. */
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
  /** Age of the last successful reverse file pass, milliseconds; undefined when the system has no files. */
  readonly filesAgeMs?: number
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

/** Judges one measurement. An unreachable side degrades; only a slot that is gone or invalidated loses the way back. */
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
  if (m.markerAgeMs !== undefined && m.markerAgeMs > limits.maxMarkerAgeMs) {
    reasons.push(`marker-late-${String(Math.round(m.markerAgeMs / 1000))}s`)
  }
  if (m.filesAgeMs !== undefined && m.filesAgeMs > limits.maxFilesAgeMs) {
    reasons.push(`files-late-${String(Math.round(m.filesAgeMs / 1000))}s`)
  }
  return { state: reasons.length === 0 ? 'armed' : 'degraded', reasons }
}
