import { type SideRole, zoneOf } from '../../domain/plan/places.ts'
import {
  CancellationScope,
  condition,
  executeChild,
  isCancellation,
  ApplicationFailure,
  workflowInfo,
} from '@temporalio/workflow'
import type { EventData, SwitchResult } from '../../domain/move/event.ts'
import type { WayBackVerdict } from '../../domain/move/way-back.ts'
import type { FailureDetails } from '../../domain/failure-details.ts'
import type { Migration } from '../../domain/move/migration.ts'
import type { RecordedReason } from '../../domain/move/recorded-reason.ts'
import type { PlaybookRef } from '../../domain/playbook/files.ts'
import { notComparedIn } from '../../domain/playbook/not-compared.ts'
import type { PlaybookOutcome } from '../../domain/playbook/outcome.ts'
import { doneIn } from '../../domain/playbook/does.ts'
import type { PlaybookPurpose } from '../../domain/plan/plan-head.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { Task } from '../../domain/move/task.ts'
import type { PlaybookRunInput } from '../playbook/messages.ts'
import { playbookWorkflow } from '../playbook/messages.ts'
import { undoing } from '../playbook/activities.ts'
import { describeFailure, reasonOf } from './describe-failure.ts'
import { SchemaChanges } from './schema-changes.ts'
import type { MigrationState } from './state.ts'
import { switchResultOf } from './switch-result.ts'
import { attestedPlaybook } from './tracked.ts'

/** Thrown out of a phase when people have asked to abort. Caught where the move ends. */
export class AbortRequested extends Error {
  override name = 'AbortRequested'
}

/** Thrown out of a phase when a rollback has been asked for. Caught where sides can be switched back. */
export class RollbackRequested extends Error {
  override name = 'RollbackRequested'
}

export type NewTask = Omit<Task, 'state' | 'evidence' | 'rejections'>

/** What names a playbook's run: the same name again is the same run, resumed from its journal. */
export interface PlaybookOccasionInMove {
  readonly purpose: PlaybookPurpose
  readonly occasion: string
  readonly hosts?: RunRequest['hosts']
  readonly databases?: RunRequest['databases']
  readonly inputs?: RunRequest['inputs']
  /** A playbook that a person's command has frozen in the place of the plan's. */
  readonly instead?: PlaybookRef
}

/** Far from the server's limit, and few enough for a short history: each leaves some ten events there. */
const commandsARun = 200

/** What a playbook that switches sides tells the move. */
export interface Switching {
  isNoted(): boolean
  note(result: SwitchResult): void
}

/** How a move proceeds: step by step, stopping where people stop it, waiting where people are waited for. */
export class Course {
  /** Set while a rollback or an abort is carried out: the request that led there stops nothing any more. */
  leaving = false
  private running: CancellationScope | undefined
  /** By run: the interrupted step whose outcome is unknown. It is not re-run until someone confirms it by a retry. */
  private readonly interrupted = new Map<string, string>()

  /** Beside the steps. */
  readonly schemaChanges: SchemaChanges

  constructor(readonly state: MigrationState) {
    this.schemaChanges = new SchemaChanges(state)
  }

  get m(): Migration {
    return this.state.migration
  }

  /** Ends the running step's activities after an abort or a rollback has been asked for. */
  interrupt(): void {
    this.running?.cancel()
  }

  /**
   * Runs one step. A failure blocks the move until a person retries the step, skips it, aborts or rolls back, or until
   * the step is no longer required.
   * @returns what `run` gave, or undefined when the step was skipped or given up.
   * @throws AbortRequested, RollbackRequested
   */
  async step<T>(
    id: string,
    run: (attempt: number) => Promise<T>,
    unwanted: { readonly when: () => boolean; readonly afterMs?: number } = { when: () => false },
  ): Promise<T | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      await this.mayProceed()
      this.state.emit('step-started', { step: id, attempt })
      try {
        const scope = new CancellationScope()
        this.running = scope
        const result = await scope.run(() => run(attempt))
        const notCompared = isOutcome(result) ? notComparedIn(result) : []
        this.state.emit('step-finished', {
          step: id,
          ...(notCompared.length > 0 && { notCompared }),
          ...wayBackIn(result),
        })
        return result
      } catch (error) {
        if (error instanceof AbortRequested || error instanceof RollbackRequested) throw error
        if (isCancellation(error)) this.assertNotStopped()
        this.state.emit('step-failed', { step: id, attempt, ...describeFailure(error) })
      } finally {
        this.running = undefined
      }
      await this.until(() => this.m.step?.failure === undefined || unwanted.when(), unwanted.afterMs)
      const retried = this.m.step !== undefined && this.m.step.failure === undefined
      if (!retried) return undefined
    }
  }

  /** Waits for `predicate`, until people stop the move. With a deadline, false when it has passed. */
  async until(predicate: () => boolean, deadlineMs?: number): Promise<boolean> {
    const woken = (): boolean => predicate() || this.stopped()
    if (deadlineMs === undefined) await condition(woken)
    else await condition(woken, Math.max(1, deadlineMs - Date.now()))
    this.assertNotStopped()
    return predicate()
  }

  /** Whether the move should continue in a new run: a server accepts 2,000 Updates a run, and then refuses all others. */
  runIsLong(): boolean {
    return this.state.taken >= commandsARun || workflowInfo().continueAsNewSuggested
  }

  /** Waits until storage has every event so far, for activities that read them there. */
  async recorded(): Promise<number> {
    const { sequence } = this.m
    await condition(() => (this.state.toRecord[0]?.sequence ?? Number.MAX_SAFE_INTEGER) > sequence)
    return sequence
  }

  /** Opens a task and waits until it is closed. */
  async task(task: NewTask): Promise<void> {
    await this.mayProceed()
    this.openTask(task)
    await this.until(() => this.m.tasks.some((t) => t.id === task.id && t.state === 'closed'))
  }

  /** Opens a task without waiting for it. One that is open already stays as it is. */
  openTask(task: NewTask): void {
    if (this.m.tasks.some((t) => t.id === task.id)) return
    this.state.emit('task-opened', { task: { ...task, state: 'open', evidence: [], rejections: [] } })
  }

  /**
   * Runs a playbook to its end, person's steps included. A failed step of it is part of the outcome, not thrown.
   * Only what stops the run as a whole (a cancelled or lost child) is thrown. A switch is noted the moment it is done.
   */
  async playbook(
    occasion: PlaybookOccasionInMove,
    attempt: number,
    switching?: Switching,
  ): Promise<PlaybookOutcome> {
    if (this.m.plan.tracked !== undefined) return attestedPlaybook(this, occasion, attempt, switching)
    const request = this.request(occasion, this.m.round)
    const { runId } = request
    const finishedTasks: string[] = []
    for (let part = 0; ; part += 1) {
      const outcome = await executeChild<(input: PlaybookRunInput) => Promise<PlaybookOutcome>>(
        playbookWorkflow,
        {
          workflowId: `playbook/${runId}/${String(attempt)}.${String(part)}`,
          args: [{ request, finishedTasks, stopAtSwitch: switching !== undefined && !switching.isNoted() }],
          parentClosePolicy: 'REQUEST_CANCEL',
          staticSummary: `${occasion.purpose}: ${this.playbookOf(occasion).name}`,
        },
      )
      const switched = outcome.done.find((one) => doneIn(one) === 'switch')
      if (switched && switching && !switching.isNoted()) switching.note(switchResultOf(switched.result))
      if (outcome.switched) continue
      if (outcome.failure?.interrupted) this.interrupted.set(runId, outcome.failure.step)
      else this.interrupted.delete(runId)
      if (!outcome.waiting) return outcome
      const { step, title, role, wantsEvidence, wantsSignature } = outcome.waiting
      await this.task({
        id: `${String(this.m.round)}-${occasion.occasion}-${step}`,
        kind: 'playbook-task',
        title,
        assignee: { role, organisation: organisationOf(this.m, role) },
        wantsEvidence,
        wantsSignature,
        details: { playbook: this.playbookOf(occasion).name, step },
      })
      finishedTasks.push(step)
    }
  }

  /** A step that is a playbook, and what comes `before` each try. Its failed step blocks the move, a retry resumes at that step. */
  async playbookStep(
    id: string,
    occasion: PlaybookOccasionInMove,
    unwanted?: Parameters<Course['step']>[2],
    before?: () => Promise<void>,
  ): Promise<PlaybookOutcome | undefined> {
    return this.step(
      id,
      async (attempt) => {
        await before?.()
        const outcome = await this.playbook(occasion, attempt)
        if (outcome.failure) throw playbookFailure(outcome.failure)
        return outcome
      },
      unwanted,
    )
  }

  /**
   * Undoes what a playbook's runs have done, the newest first, as far as it goes, by the runner of a side's zone.
   * @returns what could not be undone.
   */
  async undo(
    occasion: PlaybookOccasionInMove,
    by: { readonly role: SideRole; readonly longest?: '5 minutes' } = { role: 'target' },
  ): Promise<readonly RecordedReason[]> {
    // What people have done they undo, and attest.
    if (this.m.plan.tracked !== undefined) return []
    const left: RecordedReason[] = []
    for (let round = this.m.round; round >= 1; round -= 1) {
      try {
        const request = this.request(occasion, round)
        left.push(...(await undoing(zoneOf(this.m.plan, by.role), by.longest).undoPlaybook({ request })))
      } catch (error) {
        left.push(reasonOf(describeFailure(error)))
      }
    }
    return left
  }

  private request(occasion: PlaybookOccasionInMove, round: number): RunRequest {
    const { migration, plan, hostKeys, step } = this.m
    const runId = `${migration}/${String(round)}/${occasion.occasion}`
    const interrupted = this.interrupted.get(runId)
    return {
      runId,
      migration,
      system: plan.system,
      playbook: this.playbookOf(occasion),
      plan,
      hosts: occasion.hosts ?? {},
      databases: occasion.databases ?? {},
      hostKeys,
      inputs: { ...plan.inputs, ...occasion.inputs },
      skip: step?.leftOut ?? [],
      confirmed: interrupted === undefined ? [] : [interrupted],
    }
  }

  private playbookOf({ purpose, instead }: PlaybookOccasionInMove): PlaybookRef {
    const playbook = instead ?? this.m.plan.playbooks[purpose]
    if (playbook === undefined) throw new TypeError(`The plan has no playbook for "${purpose}".`)
    return playbook
  }

  private async mayProceed(): Promise<void> {
    // A failed step that led to a rollback holds nothing up any more, and neither does a pause.
    await this.until(() => this.leaving || (this.m.standing !== 'paused' && this.m.standing !== 'on-hold'))
  }

  private stopped(): boolean {
    return !this.leaving && (this.m.abortRequested ?? this.m.rollbackRequested) !== undefined
  }

  private assertNotStopped(): void {
    if (this.stopped())
      throw this.m.abortRequested === undefined ? new RollbackRequested() : new AbortRequested()
  }
}

/** What a step has found of the way back, where that is more than "armed". */
function wayBackIn(result: unknown): Pick<EventData['step-finished'], 'wayBack'> {
  return typeof result === 'object' && result !== null && 'wayBack' in result
    ? { wayBack: result.wayBack as WayBackVerdict }
    : {}
}

function isOutcome(result: unknown): result is PlaybookOutcome {
  return typeof result === 'object' && result !== null && 'done' in result && Array.isArray(result.done)
}

/** The failure that blocks a step when a playbook's step has failed. */
export function playbookFailure(failure: NonNullable<PlaybookOutcome['failure']>): ApplicationFailure {
  const { step, title, code, message, values, lost } = failure
  const details: FailureDetails = {
    ...(values && { values }),
    ...(lost ? {} : { playbookStep: step, ...(title && { playbookTitle: title }) }),
  }
  return ApplicationFailure.nonRetryable(`Step "${step}": ${message}`, code, details)
}

/** The organisation that plays a role in this move. */
export function organisationOf(m: Migration, role: Task['assignee']['role']): string {
  return role === 'auditor' ? '' : m.plan.organisations[role]
}
