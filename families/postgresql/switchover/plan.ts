import type { LocalText } from '../../../domain/identifier.ts'
import type { WriteGap } from '../../../domain/measurement/write-gap.ts'
import type { GivenWaivers } from '../census/waivers.ts'
import type { SwitchedJobs } from '../jobs/switch-jobs.ts'
import type { Entry } from '../entry/entry.ts'
import type { GapEnder } from './gap-record.ts'
import type { DatabasePort } from '../database.ts'

/** Parts of the critical section, in order. */
export const gapParts = [
  'pause',
  'fence',
  'terminate',
  'prove',
  'marker',
  'largeObjects',
  'verify',
  'disable',
  'sequences',
  'advance',
  'subscribe',
  'open',
  'switch',
] as const
export type GapPart = (typeof gapParts)[number]

/** The input of one switch, from the side that serves to the other one. A rollback swaps `from` and `to`. */
export interface SwitchPlan extends GivenWaivers {
  readonly from: DatabasePort
  readonly to: DatabasePort
  readonly entry: Entry
  /** The critical section is aborted after this time. */
  readonly deadlineMs: number
  /** Limit of the wait for running transactions. */
  readonly pauseTimeoutMs: number
  /** An open transaction older than this postpones the switch, before any client waits. */
  readonly maxTransactionAgeMs: number
  readonly attempts: number
  readonly postponeMs: number
  readonly sequenceMargin: number
  readonly slotTimeoutMs: number
  /** Small, busy tables that are compared inside the critical section. */
  readonly verifyTables: readonly string[]
  /** The switch does not start if it could run past this instant. */
  readonly notAfterMs?: number
  /** How long a switch that was cut off is tried to be brought to one open side, while a server that decides is away. */
  readonly recoverForMs: number
  /** Whether a guardian process resumes the writers when this process is killed in the critical section. */
  readonly guarded: boolean
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  /** Called as each part begins; it blocks the procedure, so it must be quick. */
  readonly onPart?: (part: GapPart) => void
}

/**
 * The result of a switch. The gap runs from the pause to the resume of the writers: by the runner's clock if it saw both,
 * otherwise by the record of the side `from`.
 */
export interface SwitchResult extends WriteGap {
  readonly generation: number
  /** Who resumed the writers. */
  readonly resumedBy?: GapEnder
  /** Gaps of earlier attempts at this switch that were undone, oldest first. */
  readonly undoneGaps: readonly WriteGap[]
  /** ISO 8601. Beginning and end by the clock of the side `from`, the commit point by the clock of `to`. */
  readonly moments: { readonly beganAt?: string; readonly openedAt: string; readonly endedAt?: string }
  /** Position of the last marker in the log of the side `from`: every change before it has arrived. */
  readonly markerLsn?: string
  /** Duration of each part, measured by the run that executed it; empty for a resumed run. */
  readonly anatomyMs: Readonly<Partial<Record<GapPart, number>>>
  readonly openSide: string
  readonly token: string
  /** Absent if the run that ended the sessions was killed. */
  readonly sessionsEnded?: number
  /** Those among them that were none of the entry's when it was looked at last, right before the pause, each in words. */
  readonly strangersEnded?: readonly string[]
  /** Whether the way back replicates: a marker written through the public path has arrived on the side `from`. */
  readonly armed: boolean
  readonly armedAfterMs?: number
  readonly unarmedReason?: string
  /** A write as the application, through the public path. */
  readonly probe: { readonly ok: boolean; readonly ms: number; readonly error?: string }
  /** Materialised views whose refresh failed, each with the reason. */
  readonly staleViews?: readonly string[]
  /** Things in which the sides differed right after the switch, and which no waiver covers; absent if nobody could tell. */
  readonly differing?: readonly string[]
  /** Things that differ and may, by waiver. */
  readonly leftDifferent?: readonly string[]
  /** What would have refused a switch to the new side, and does not refuse the way back: the side that was left has it. */
  readonly notRefused?: readonly LocalText[]
  /** What became of the jobs of schedulers inside the servers; absent if there are none. */
  readonly jobs?: SwitchedJobs
  /** Superusers, who pass every fence: listed for people to judge. */
  readonly superusers: readonly string[]
  /** Whether this run found the switch done, or completed it for an interrupted run. */
  readonly resumed: boolean
}
