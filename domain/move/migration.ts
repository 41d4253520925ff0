import type { CutoverWindow } from './cutover-window.ts'
import type {
  EventOf,
  EventType,
  MigrationEvent,
  RecordedHosts,
  Rehearsal,
  StepFailure,
  SwitchResult,
  TrialRunSummary,
} from './event.ts'
import type { Assessment } from '../assessment/finding.ts'
import type { Said } from '../words/message.ts'
import type { RecordedReason } from './recorded-reason.ts'
import type { Actor } from '../organisation.ts'
import type { Fold } from './folds/fold.ts'
import { folds } from './folds/index.ts'
import type { LedgerContradiction } from './ledger-contradiction.ts'
import type { Phase, Standing } from './phase.ts'
import type { HostKeys } from '../plan/host-key.ts'
import type { MigrationPlan } from '../plan/plan.ts'
import { upgradePlan } from '../plan/upgrade.ts'
import type { LeftOutStep } from '../plan/run-request.ts'
import type { SchemaChange } from './schema-change.ts'
import type { Release, Signoff } from './signoff.ts'
import type { Task } from './task.ts'
import type { WayBackState } from './way-back.ts'
import type { EndedOutside } from './workflow-end.ts'

/** Everything known of one system's move. It is what its events add up to, in the workflow and in storage alike. */
export interface Migration {
  readonly migration: string
  readonly plan: MigrationPlan
  readonly planDigest: string
  readonly launchedBy: Actor
  readonly launchedAtMs: number
  readonly sequence: number
  readonly changedAtMs: number
  readonly phase: Phase
  readonly standing: Standing
  /** The reason given for a pause, a hold or an abort. */
  readonly standingReason?: string
  /** What an abort could not undo. */
  readonly leftBehind?: readonly RecordedReason[]
  readonly abortRequested?: string
  /** What the ledger has against the move since it was launched. */
  readonly ledger?: { readonly contradictions: readonly LedgerContradiction[]; readonly atMs: number }
  /** Counts the ways through rehearsal or trial run: 1, and one more after every rollback. */
  readonly round: number
  readonly phaseLog: readonly { phase: Phase; round: number; startedAtMs: number; endedAtMs?: number }[]
  readonly step?: {
    readonly id: string
    readonly attempt: number
    readonly startedAtMs: number
    readonly failure?: StepFailure
    /** Steps of its playbook that people have left out. */
    readonly leftOut?: readonly LeftOutStep[]
  }
  readonly skippedSteps: readonly string[]
  readonly assessment?: Assessment
  /** By the host's name, as the keys are; a plan of version 1 names its hosts after their roles. */
  readonly recordedHosts: RecordedHosts
  readonly hostKeys: HostKeys
  readonly tasks: readonly Task[]
  readonly rehearsal?: Rehearsal
  readonly trialRun?: { readonly untilMs: number; readonly summary?: TrialRunSummary }
  readonly report?: { readonly version: number; readonly digest: string; readonly remark: string }
  /** Versions count on through amendments and rollbacks: a version names one report for good. */
  readonly reportsIssued: number
  readonly amendment?: string
  readonly signoffs: readonly Signoff[]
  readonly recognised: boolean
  readonly cutover?: {
    readonly window: CutoverWindow
    readonly latestRollbackAtMs: number
    readonly decision?: 'go' | 'no-go' | 'abort'
    /** Counts the windows of the move: a cutover that is scheduled anew is another one. */
    readonly number: number
    /** The last synchronisation and its verification, in this window. */
    readonly preparation?: 'running' | 'done'
  }
  readonly cutoversScheduled: number
  readonly switches: readonly {
    readonly kind: 'cutover' | 'rollback'
    readonly atMs: number
    readonly result: SwitchResult
  }[]
  readonly rollbackRequested?: EventOf<'rollback-requested'>['data'] & { readonly by: Actor }
  /** A person has asked to bring the sides to exactly one that serves; carried out by the step that was blocked. */
  readonly settle?: EventOf<'settle-requested'>['data'] & { readonly by: Actor }
  /** Nobody has seen the way back armed since the cutover: a person has left that step out. */
  readonly armingSkipped?: boolean
  /** How the way back was found right after the switch, where that is not "armed"; until the retention begins. */
  readonly wayBackFound?: { readonly state: WayBackState; readonly reasons: readonly RecordedReason[] }
  readonly retention?: {
    readonly startedAtMs: number
    readonly untilMs: number
    readonly wayBack: {
      readonly state: WayBackState
      readonly reasons: readonly Said[]
      readonly atMs: number
    }
    readonly release?: Release & { readonly by: Actor; readonly atMs: number }
  }
  /** What keeps the new side from being current before its switch, by the guard; absent when nothing was found. */
  readonly forward?: { readonly reasons: readonly Said[]; readonly atMs: number }
  /** The old side is to be seeded anew, until it follows again. */
  readonly rearm?: EventOf<'rearm-requested'>['data'] & { readonly by: Actor; readonly atMs: number }
  /** The newest change of the schema made on both sides. */
  readonly schemaChange?: SchemaChange
  readonly disposal?: { readonly proofDigest: string; readonly removedBytes: number }
  readonly endedOutside?: EndedOutside
  /** A new workflow carries the move from here on, until its phase ends. `sequence`: of the event that says so. */
  readonly recovered?: {
    readonly by: Actor
    readonly atMs: number
    readonly reason: string
    readonly sequence: number
  }
}

/** The move a `launched` event begins. */
export function beginMigration(event: EventOf<'launched'>): Migration {
  return {
    migration: event.migration,
    plan: upgradePlan(event.data.plan),
    planDigest: event.data.planDigest,
    launchedBy: event.actor,
    launchedAtMs: event.atMs,
    sequence: event.sequence,
    changedAtMs: event.atMs,
    phase: 'assessment',
    standing: 'moving',
    round: 1,
    phaseLog: [],
    skippedSteps: [],
    recordedHosts: {},
    hostKeys: {},
    tasks: [],
    reportsIssued: 0,
    cutoversScheduled: 0,
    signoffs: [],
    recognised: false,
    switches: [],
  }
}

/** The move after one more event. Events come in order, none left out. */
export function applyEvent(before: Migration | undefined, event: MigrationEvent): Migration {
  if (event.type === 'launched') return beginMigration(event)
  if (before === undefined) {
    throw new Error(
      `Event ${String(event.sequence)} "${event.type}" of "${event.migration}" came before "launched".`,
    )
  }
  if (event.sequence !== before.sequence + 1) {
    throw new Error(
      `Event ${String(event.sequence)} of "${event.migration}" came after ${String(before.sequence)}; ${String(before.sequence + 1)} was expected.`,
    )
  }
  const fold = folds[event.type] as Fold<EventType>
  const merged = { ...before, ...fold(before, event), sequence: event.sequence, changedAtMs: event.atMs }
  return Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined),
  ) as unknown as Migration
}
