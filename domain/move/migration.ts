import type { CutoverWindow } from './cutover-window.ts'
import type {
  EventType,
  MigrationEvent,
  Rehearsal,
  StepFailure,
  SwitchResult,
  TrialRunSummary,
} from './event.ts'
import type { Assessment } from '../assessment/finding.ts'
import type { HostRole } from '../host.ts'
import type { Actor } from '../organisation.ts'
import type { Phase, Standing } from './phase.ts'
import type { MigrationPlan } from '../plan/plan.ts'
import type { LeftOutStep } from '../plan/run-request.ts'
import type { Signoff } from './signoff.ts'
import { armWayBack } from './rules/skippable-steps.ts'
import type { Task } from './task.ts'
import { stateAfterCompletion } from './task.ts'
import { type WayBackState, switchBack } from './way-back.ts'
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
  readonly abortRequested?: string
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
  readonly recordedHosts: Readonly<Partial<Record<HostRole, { address: string; fingerprint: string }>>>
  readonly hostKeys: Readonly<Partial<Record<HostRole, string>>>
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
  /** Nobody has seen the way back armed since the cutover: a person has left that step out. */
  readonly armingSkipped?: boolean
  readonly retention?: {
    readonly startedAtMs: number
    readonly untilMs: number
    readonly wayBack: {
      readonly state: WayBackState
      readonly reasons: readonly string[]
      readonly atMs: number
    }
    readonly release?: { readonly statement: string; readonly by: Actor; readonly atMs: number }
  }
  readonly disposal?: { readonly proofDigest: string; readonly removedBytes: number }
  readonly endedOutside?: EndedOutside
}

/** The step that prepares a cutover in its window. */
export const finalSync = 'final-sync'

type EventOf<T extends EventType> = Extract<MigrationEvent, { type: T }>
type Fold<T extends EventType> = (m: Migration, event: EventOf<T>) => Partial<MutableMigration>
/** `undefined` in a fold takes the field away. */
type MutableMigration = { -readonly [K in keyof Migration]: Migration[K] | undefined }

const task = (m: Migration, id: string, change: (t: Task) => Task): Partial<MutableMigration> => ({
  tasks: m.tasks.map((t) => (t.id === id ? change(t) : t)),
})

type RunningStep = NonNullable<Migration['step']>

/** What another attempt at the same step goes on with. */
const ofStep = (m: Migration, id: string): Pick<RunningStep, 'leftOut'> =>
  m.step?.id === id && m.step.leftOut ? { leftOut: m.step.leftOut } : {}

const withoutFailure = ({ failure: _failure, ...step }: RunningStep): RunningStep => step

const leaveOut = (step: RunningStep | undefined, left: string, reason: string): RunningStep | undefined =>
  step && { ...withoutFailure(step), leftOut: [...(step.leftOut ?? []), { step: left, reason }] }

const failureOf = ({ code, message, playbookStep }: StepFailure): StepFailure => ({
  code,
  message,
  ...(playbookStep === undefined ? {} : { playbookStep }),
})

const unblocked = (m: Migration): Standing => (m.standing === 'blocked' ? 'moving' : m.standing)

/** A final preparation that failed holds its own window up, and no other. */
const leaveFinalSync = (m: Migration): Partial<MutableMigration> =>
  m.step?.id === finalSync && m.step.failure ? { step: undefined, standing: unblocked(m) } : {}

const prepared = (
  m: Migration,
  step: string,
  from: 'running' | undefined,
  to: 'running' | 'done',
): Partial<MutableMigration> =>
  step === finalSync && m.cutover && m.cutover.preparation === from
    ? { cutover: { ...m.cutover, preparation: to } }
    : {}

const endPhase = (m: Migration, atMs: number): Migration['phaseLog'] =>
  m.phaseLog.map((p) => (p.endedAtMs === undefined ? { ...p, endedAtMs: atMs } : p))

/** What each type of event changes. The table is complete: a new type of event does not compile without its line. */
const folds: { [T in Exclude<EventType, 'launched'>]: Fold<T> } = {
  'phase-entered': (m, { data, atMs }) => ({
    phase: data.phase,
    round: data.round,
    phaseLog: [...endPhase(m, atMs), { phase: data.phase, round: data.round, startedAtMs: atMs }],
    step: undefined,
    skippedSteps: [],
  }),
  'step-started': (m, { data, atMs }) => ({
    standing: unblocked(m),
    step: { ...ofStep(m, data.step), id: data.step, attempt: data.attempt, startedAtMs: atMs },
    ...prepared(m, data.step, undefined, 'running'),
  }),
  'step-finished': (m, { data }) => ({
    step: undefined,
    standing: unblocked(m),
    ...prepared(m, data.step, 'running', 'done'),
  }),
  'step-failed': (m, { data }) => ({
    standing: m.standing === 'moving' ? 'blocked' : m.standing,
    step: {
      ...ofStep(m, data.step),
      id: data.step,
      attempt: data.attempt,
      startedAtMs: m.step?.startedAtMs ?? m.changedAtMs,
      failure: failureOf(data),
    },
  }),
  'step-retried': (m) => ({ standing: unblocked(m), step: m.step && withoutFailure(m.step) }),
  'step-skipped': (m, { data }) => ({
    standing: unblocked(m),
    step: data.playbookStep === undefined ? undefined : leaveOut(m.step, data.playbookStep, data.reason),
    armingSkipped: data.step === armWayBack ? true : m.armingSkipped,
    skippedSteps: [
      ...m.skippedSteps,
      data.playbookStep === undefined ? data.step : `${data.step}/${data.playbookStep}`,
    ],
  }),
  paused: (_, { data }) => ({ standing: 'paused', standingReason: data.reason }),
  held: (_, { data }) => ({ standing: 'on-hold', standingReason: data.reason }),
  resumed: (m) => ({ standing: m.step?.failure ? 'blocked' : 'moving', standingReason: undefined }),
  'abort-requested': (_, { data }) => ({ abortRequested: data.reason }),
  aborted: (m, { data, atMs }) => ({
    standing: 'aborted',
    standingReason: data.reason,
    step: undefined,
    phaseLog: endPhase(m, atMs),
  }),
  assessed: (_, { data }) => ({ assessment: data.assessment }),
  'hosts-recorded': (_, { data }) => ({ recordedHosts: data.hosts }),
  'host-keys-pinned': (m, { data }) => ({ hostKeys: { ...m.hostKeys, ...data.hostKeys } }),
  'task-opened': (m, { data }) => ({ tasks: [...m.tasks.filter((t) => t.id !== data.task.id), data.task] }),
  'task-taken': (m, { data, actor }) => task(m, data.task, (t) => ({ ...t, state: 'taken', takenBy: actor })),
  'task-completed': (m, { data, actor }) =>
    task(m, data.task, (t) => ({
      ...t,
      state: stateAfterCompletion(t),
      completedBy: actor,
      note: data.note,
      evidence: data.evidence,
    })),
  'task-signed': (m, { data, actor }) =>
    task(m, data.task, (t) => ({
      ...t,
      state: t.reviewer ? 'signed' : 'closed',
      signature: { keyId: data.keyId, by: actor, digest: data.digest },
    })),
  'task-rejected': (m, { data, actor, atMs }) =>
    task(m, data.task, ({ signature: _signature, ...t }) => ({
      ...t,
      state: 'open',
      rejections: [...t.rejections, { by: actor, reason: data.reason, atMs }],
    })),
  'task-closed': (m, { data }) => task(m, data.task, (t) => ({ ...t, state: 'closed' })),
  rehearsed: (_, { data }) => ({ rehearsal: data.rehearsal }),
  'trial-run-started': (_, { data }) => ({ trialRun: { untilMs: data.untilMs } }),
  'trial-run-finished': (m, { data }) => ({
    trialRun: { untilMs: m.trialRun?.untilMs ?? data.summary.endedAtMs, summary: data.summary },
  }),
  'report-issued': (_, { data }) => ({
    report: data,
    reportsIssued: data.version,
    amendment: undefined,
    signoffs: [],
    recognised: false,
  }),
  'signoffs-voided': () => ({ signoffs: [], recognised: false }),
  // A window was taken for what the report said then.
  'report-amended': (m, { data }) => ({ ...leaveFinalSync(m), amendment: data.remark, cutover: undefined }),
  'signed-off': (m, { data }) => ({ signoffs: [...m.signoffs, data.signoff] }),
  recognised: () => ({ recognised: true }),
  'cutover-scheduled': (m, { data }) => ({
    ...leaveFinalSync(m),
    cutover: { ...data, number: m.cutoversScheduled + 1 },
    cutoversScheduled: m.cutoversScheduled + 1,
  }),
  'cutover-decided': (m, { data }) =>
    m.cutover ? { cutover: { ...m.cutover, decision: data.decision } } : {},
  'cutover-aborted': (m) => ({ ...leaveFinalSync(m), cutover: undefined }),
  'cut-over': (m, { data, atMs }) => ({
    switches: [...m.switches, { kind: 'cutover', atMs, result: data.result }],
    rollbackRequested: undefined,
  }),
  'retention-started': (_, { data, atMs }) => ({
    retention: {
      startedAtMs: atMs,
      untilMs: data.untilMs,
      wayBack: { ...(data.wayBack ?? { state: 'armed', reasons: [] }), atMs },
    },
    armingSkipped: undefined,
  }),
  'way-back-changed': (m, { data, atMs }) =>
    m.retention ? { retention: { ...m.retention, wayBack: { ...data, atMs } } } : {},
  'retention-released': (m, { data, actor, atMs }) =>
    m.retention ? { retention: { ...m.retention, release: { ...data, by: actor, atMs } } } : {},
  'rollback-requested': (m, { data, actor }) => ({
    rollbackRequested: { ...data, by: actor },
    ...(m.step?.id === switchBack ? { standing: unblocked(m), step: withoutFailure(m.step) } : {}),
  }),
  // A rollback takes recognition with it: the next cutover needs a fresh report and fresh signatures.
  'rolled-back': (m, { data, atMs }) => ({
    switches: [...m.switches, { kind: 'rollback', atMs, result: data.result }],
    rollbackRequested: undefined,
    // What people were still to do for the cutover that is undone, nobody needs any more.
    tasks: m.tasks.filter((t) => t.kind !== 'playbook-task' || t.state === 'closed'),
    retention: undefined,
    armingSkipped: undefined,
    cutover: undefined,
    report: undefined,
    amendment: undefined,
    trialRun: undefined,
    signoffs: [],
    recognised: false,
  }),
  disarmed: (m, { atMs }) =>
    m.retention ? { retention: { ...m.retention, wayBack: { state: 'disarmed', reasons: [], atMs } } } : {},
  wiped: (_, { data }) => ({ disposal: data }),
  closed: (m, { atMs }) => ({ standing: 'closed', step: undefined, phaseLog: endPhase(m, atMs) }),
  // The step stays: it says where the move was when it ended.
  'ended-outside': (m, { data, actor, atMs }) => ({
    standing: 'ended-outside',
    phaseLog: endPhase(m, atMs),
    endedOutside: {
      end: data.end,
      acknowledged: { by: actor, atMs, reason: data.reason, serves: data.serves, servesBy: data.servesBy },
    },
  }),
}

/** The move a `launched` event begins. */
export function beginMigration(event: EventOf<'launched'>): Migration {
  return {
    migration: event.migration,
    plan: event.data.plan,
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
