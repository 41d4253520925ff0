import type { CutoverWindow, RehearsedDurations } from './cutover-window.ts'
import type { Assessment } from '../assessment/finding.ts'
import type { FailureDetails } from '../failure-details.ts'
import type { Actor } from '../organisation.ts'
import type { GivenUp, KeptDump } from './giving-up.ts'
import type { LedgerContradiction } from './ledger-contradiction.ts'
import type { Phase } from './phase.ts'
import type { HostKeys } from '../plan/host-key.ts'
import type { GivenPlan } from '../plan/plan.ts'
import type { PlaybookRef } from '../playbook/files.ts'
import type { RecordedReason } from './recorded-reason.ts'
import type { SchemaChangeAsked } from './schema-change.ts'
import type { Release, Signoff } from './signoff.ts'
import type { Evidence, Figures, FindingReasons, Task } from './task.ts'
import type { WayBackState } from './way-back.ts'
import type { Said } from '../words/message.ts'
import type { Side, SidesLook, WorkflowEnd } from './workflow-end.ts'
import type { WriteGap } from '../measurement/write-gap.ts'

/** What one switch of sides came to, as measured by the procedure itself. */
export interface SwitchResult extends WriteGap {
  /** Gaps of attempts at the same switch that were undone, oldest first. */
  readonly undoneGaps?: readonly WriteGap[]
  readonly generation: number
  /** People have switched, and attested it: nothing of it was measured. */
  readonly attested?: true
  /**
   * Of a side that was opened without the other one, which was gone: until when it is known to have every acknowledged write.
   * What came later is not there.
   */
  readonly currentUntilMs?: number
  /** Sequences of which it is not known how far the other one got: their numbers may be given out twice. */
  readonly unprovenSequences?: readonly string[]
  /** Of a side that was opened alone: scheduled jobs that are off there, each with the statement that puts it on. */
  readonly jobsOff?: readonly string[]
  readonly anatomyMs: Readonly<Record<string, number>>
}

/** One limit of the policy held against what was measured, of one target where there are several. */
export interface GateResult {
  readonly name: string
  readonly target?: string
  readonly passed: boolean
  /** Measure and limit, for people; rehearsals of before hold an English sentence. */
  readonly found: Said | string
}

/** What the rehearsal learned. `evidenceDigest` is the SHA-256 of the stored results of its steps. */
export interface Rehearsal extends RehearsedDurations {
  /** Absent when no switch was rehearsed. */
  readonly cutoverGapMs?: number
  readonly rollbackGapMs?: number
  readonly gates: readonly GateResult[]
  readonly evidenceDigest: string
}

/** Why a step failed, by its word and its English sentence; in a playbook, at which of its steps. */
export interface StepFailure extends FailureDetails {
  readonly code: string
  readonly message: string
}

export interface TrialRunSummary {
  readonly startedAtMs: number
  readonly endedAtMs: number
  readonly probes: number
  readonly failures: number
  /** Share of good probes, 0–1. */
  readonly availability: number
  /** Share of the time in which probes were made at all, 0–1: `availability` speaks of that time alone. */
  readonly observedShare: number
  readonly longestOutageMs: number
  readonly incidents: number
  /** Nobody probed it: people have attested what is there. */
  readonly attested?: true
}

/** What hosts have shown of themselves, by name. */
export type RecordedHosts = Readonly<Record<string, { address: string; fingerprint: string }>>

/** The facts an event can carry, by type. Small and JSON: large things go to storage and are named by digest. */
export interface EventData {
  /** The plan as it was handed in, in its own version: `planDigest` is the digest of its canonical JSON. */
  launched: { plan: GivenPlan; planDigest: string }
  'phase-entered': { phase: Phase; round: number }
  'step-started': { step: string; attempt: number }
  /** `notCompared`: what the verifications among its steps left out. */
  /** `wayBack`: what the old side was found as right after a switch, where that is not "armed". */
  'step-finished': {
    step: string
    notCompared?: readonly Said[]
    wayBack?: { state: WayBackState; reasons: readonly RecordedReason[] }
  }
  'step-failed': { step: string; attempt: number } & StepFailure
  'step-retried': { step: string; note: string }
  'step-skipped': { step: string; reason: string; playbookStep?: string }
  paused: { reason: string }
  held: { reason: string }
  resumed: { note: string }
  'abort-requested': { reason: string }
  /** `left`: what could not be undone; in records of before it stands in the reason. */
  aborted: { reason: string; left?: readonly RecordedReason[] }
  assessed: { assessment: Assessment }
  'hosts-recorded': { hosts: RecordedHosts }
  'host-keys-pinned': { hostKeys: HostKeys }
  'task-opened': { task: Task }
  'task-taken': { task: string; reason?: string }
  'task-completed': {
    task: string
    note: string
    evidence: readonly Evidence[]
    reasons?: FindingReasons
    figures?: Figures
  }
  'task-signed': { task: string; keyId: string; digest: string; signature: string }
  'task-rejected': { task: string; reason: string }
  'task-closed': { task: string }
  rehearsed: { rehearsal: Rehearsal }
  'trial-run-started': { untilMs: number }
  'trial-run-finished': { summary: TrialRunSummary }
  'report-issued': { version: number; digest: string; remark: string }
  'signoffs-voided': { digest: string; reason: RecordedReason }
  'report-amended': { remark: string }
  'signed-off': { signoff: Signoff }
  recognised: { digest: string }
  'cutover-scheduled': { window: CutoverWindow; latestRollbackAtMs: number }
  'cutover-decided': { decision: 'go' | 'no-go' | 'abort'; reason: string }
  'cutover-aborted': { reason: RecordedReason; automatic: boolean }
  'cut-over': { result: SwitchResult }
  'retention-started': {
    untilMs: number
    wayBack?: { state: WayBackState; reasons: readonly RecordedReason[] }
  }
  'ledger-changed': { contradictions: readonly LedgerContradiction[] }
  /** What keeps the new side from being current before its switch; empty when nothing does. */
  'forward-changed': { reasons: readonly Said[] }
  'way-back-changed': { state: WayBackState; reasons: readonly RecordedReason[] }
  'settle-requested': { reason: string; newSideGone?: true; instead?: PlaybookRef; giveUp?: KeptDump }
  /** `undone`: the old side had been closed, and was opened again. */
  settled: { serves: Side; undone: boolean }
  'rearm-requested': { reason: string; giveUp?: KeptDump }
  /** Two people have agreed; nothing was dropped or emptied before it. */
  'given-up': { side: Side } & GivenUp
  'way-back-rearmed': { rows: number; copyMs: number }
  'schema-change-requested': SchemaChangeAsked
  'schema-change-made': { newTables: readonly string[]; heldMs: number }
  'schema-change-refused': StepFailure
  'schema-change-failed': StepFailure
  'retention-released': Release
  /** `newSideGone`: the old side is to be opened without the new one. A rollback that has failed is tried anew by it. */
  /** `instead`: the playbook that does so, where the frozen one of the plan cannot. */
  'rollback-requested': {
    reason: RecordedReason
    automatic: boolean
    newSideGone?: true
    instead?: PlaybookRef
  }
  'rolled-back': { result: SwitchResult; to: Phase }
  disarmed: Record<string, never>
  /** `left`: what of the copy on staging could not be removed. */
  wiped: { proofDigest: string; removedBytes: number; left?: readonly RecordedReason[] }
  closed: Record<string, never>
  /** A person's confirmation, given after the workflow had ended. No workflow writes it, nor the next one. */
  'ended-outside': { end: WorkflowEnd; reason: string; serves: Side; servesBy: 'look' | 'word' }
  /** A person has the move carried by a new workflow, from its record. `sides`: what their servers said of themselves then. */
  recovered: { end: WorkflowEnd; reason: string; sides: SidesLook }
}

export type EventType = keyof EventData

/** One change of one move. `sequence` counts from 1 without gaps; (migration, sequence) makes recording idempotent. */
export type MigrationEvent = {
  [T in EventType]: {
    readonly migration: string
    readonly sequence: number
    readonly atMs: number
    readonly actor: Actor
    /** The request of the person who asked for it; absent in records of before, and of what the product does by itself. */
    readonly command?: string
    readonly type: T
    readonly data: Readonly<EventData[T]>
  }
}[EventType]

export type EventOf<T extends EventType> = Extract<MigrationEvent, { type: T }>
