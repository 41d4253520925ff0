import type { WriteGap } from '../../../domain/measurement/write-gap.ts'
import type { ConsoleAddress } from '../pgbouncer/admin.ts'
import type { GivenWaivers } from '../rules/waivers.ts'
import type { GapEnder } from './gap-record.ts'
import type { DatabasePort } from '../database.ts'
import type { HostPort } from '../../../runner/steps/kind.ts'

/** The entry an application reaches its database through. */
export interface Entry {
  readonly name: string
  /** Where its file of database lines lies. */
  readonly host: HostPort
  readonly file: string
  readonly console: ConsoleAddress
  /** Whom clients log in as at the entry; the application's first role when absent. */
  readonly login?: { readonly user: string; readonly password: string }
}

/** Parts of the critical section, in their order. */
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

/** Everything one switch needs. `from` is the side that serves, `to` the one that will; a rollback swaps them. */
export interface SwitchPlan extends GivenWaivers {
  readonly from: DatabasePort
  readonly to: DatabasePort
  readonly entry: Entry
  /** The critical section is given up after this. */
  readonly deadlineMs: number
  /** Bound of the wait for running transactions. */
  readonly pauseTimeoutMs: number
  /** With a transaction older than this open, the switch is postponed before anybody waits. */
  readonly maxTransactionAgeMs: number
  readonly attempts: number
  readonly postponeMs: number
  readonly sequenceMargin: number
  readonly slotTimeoutMs: number
  /** Small hot tables that are compared inside the gap. */
  readonly verifyTables: readonly string[]
  /** The switch is not begun any more after this moment. */
  readonly notAfterMs?: number
  /** A process of its own lets the writers go on at once when this one is killed in the critical section. */
  readonly guarded: boolean
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  /** Told each part as it begins; may hold the procedure up, so it must be quick. */
  readonly onPart?: (part: GapPart) => void
}

/**
 * What a switch came to. The gap goes from the pause to the release of the writers: by the runner's own clock when it saw
 * both, else as the side that was left has it on record.
 */
export interface SwitchResult extends WriteGap {
  readonly generation: number
  /** Who let the writers go on. */
  readonly resumedBy?: GapEnder
  /** Gaps of the same switch that were undone before, oldest first. */
  readonly undoneGaps: readonly WriteGap[]
  /** ISO 8601; beginning and end by the clock of the side that was left, the commit point by that of the other one. */
  readonly moments: { readonly beganAt?: string; readonly openedAt: string; readonly endedAt?: string }
  /** Where in the log of the side that was left the last marker stands: everything before it has arrived. */
  readonly markerLsn?: string
  /** Parts measured by the run that carried them out; a resumed one has none. */
  readonly anatomyMs: Readonly<Partial<Record<GapPart, number>>>
  readonly openSide: string
  readonly token: string
  /** Absent when the run that ended them was killed. */
  readonly sessionsEnded?: number
  /** Whether the way back replicates: a marker written through the public path arrived on the side that was left. */
  readonly armed: boolean
  readonly armedAfterMs?: number
  readonly unarmedReason?: string
  /** A write as the application, through the public path. */
  readonly probe: { readonly ok: boolean; readonly ms: number; readonly error?: string }
  /** Materialised views that could not be computed anew, each with the reason. */
  readonly staleViews?: readonly string[]
  /** Superusers pass every fence; they are named so that a person can judge. */
  readonly superusers: readonly string[]
  /** The switch was found done, or finished for a run that ended in it. */
  readonly resumed: boolean
}
