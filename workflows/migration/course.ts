import {
  CancellationScope,
  condition,
  executeChild,
  isCancellation,
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
} from '@temporalio/workflow'
import type { Migration } from '../../domain/migration.ts'
import type { PlaybookOutcome } from '../../domain/playbook-outcome.ts'
import type { PlaybookPurpose } from '../../domain/plan.ts'
import type { RunRequest } from '../../domain/playbook-run.ts'
import type { Task } from '../../domain/task.ts'
import type { PlaybookRunInput } from '../playbook/messages.ts'
import { playbookWorkflow } from '../playbook/messages.ts'
import { steps } from '../playbook/activities.ts'
import type { MigrationState } from './state.ts'

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
}

/** How a move proceeds: step by step, stopping where people stop it, waiting where people are waited for. */
export class Course {
  /** Set while sides are being switched back: the request that led there stops nothing any more. */
  rollingBack = false
  private running: CancellationScope | undefined

  constructor(readonly state: MigrationState) {}

  get m(): Migration {
    return this.state.migration
  }

  /** Ends the running step's activities after an abort has been asked for. */
  interrupt(): void {
    this.running?.cancel()
  }

  /**
   * Runs one step. A failure blocks the move until a person retries the step, skips it, aborts or rolls back.
   * @returns what `run` gave, or undefined when the step was skipped.
   */
  async step<T>(id: string, run: (attempt: number) => Promise<T>): Promise<T | undefined> {
    for (let attempt = 1; ; attempt += 1) {
      await this.mayProceed()
      this.state.emit('step-started', { step: id, attempt })
      try {
        const scope = new CancellationScope()
        this.running = scope
        const result = await scope.run(() => run(attempt))
        this.state.emit('step-finished', { step: id })
        return result
      } catch (error) {
        if (isCancellation(error) && this.m.abortRequested !== undefined) throw new AbortRequested()
        this.state.emit('step-failed', { step: id, attempt, ...describeFailure(error) })
      } finally {
        this.running = undefined
      }
      await this.until(() => this.m.step?.failure === undefined)
      if (this.m.skippedSteps.includes(id)) return undefined
    }
  }

  /** Waits for `predicate`, but no longer than people let the move go on. With a deadline, false when it passed. */
  async until(predicate: () => boolean, deadlineMs?: number): Promise<boolean> {
    const woken = (): boolean => predicate() || this.stopped()
    if (deadlineMs === undefined) await condition(woken)
    else await condition(woken, Math.max(1, deadlineMs - Date.now()))
    this.assertNotStopped()
    return predicate()
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
   * Only what stops the run as a whole (a cancelled or lost child) is thrown.
   */
  async playbook(occasion: PlaybookOccasionInMove, attempt: number): Promise<PlaybookOutcome> {
    const { runId } = this.request(occasion, this.m.round)
    const finishedTasks: string[] = []
    for (;;) {
      const outcome = await executeChild<(input: PlaybookRunInput) => Promise<PlaybookOutcome>>(
        playbookWorkflow,
        {
          workflowId: `playbook/${runId}/${String(attempt)}.${String(finishedTasks.length)}`,
          args: [{ again: attempt > 1, finishedTasks, request: this.request(occasion, this.m.round) }],
          parentClosePolicy: 'REQUEST_CANCEL',
          staticSummary: `${occasion.purpose}: ${this.m.plan.playbooks[occasion.purpose].name}`,
        },
      )
      if (!outcome.waiting) return outcome
      const { step, title, role, wantsEvidence, wantsSignature } = outcome.waiting
      await this.task({
        id: `${occasion.occasion}-${step}`,
        kind: 'playbook-task',
        title,
        assignee: { role, organisation: organisationOf(this.m, role) },
        wantsEvidence,
        wantsSignature,
        details: { playbook: this.m.plan.playbooks[occasion.purpose].name, step },
      })
      finishedTasks.push(step)
    }
  }

  /** A step that is a playbook: its failed step blocks the move, a retry resumes at that step. */
  async playbookStep(id: string, occasion: PlaybookOccasionInMove): Promise<PlaybookOutcome | undefined> {
    return this.step(id, async (attempt) => {
      const outcome = await this.playbook(occasion, attempt)
      if (outcome.failure) throw playbookFailure(outcome.failure)
      return outcome
    })
  }

  /**
   * Undoes what a playbook's runs have done, the newest first, as far as it goes.
   * @returns what could not be undone, in a sentence; undefined when nothing is left.
   */
  async undo(occasion: PlaybookOccasionInMove): Promise<string | undefined> {
    const left: string[] = []
    for (let round = this.m.round; round >= 1; round -= 1) {
      try {
        await steps(this.m.plan.hosts.target.zone).undoPlaybook({ request: this.request(occasion, round) })
      } catch (error) {
        left.push(describeFailure(error).message)
      }
    }
    return left.length === 0 ? undefined : left.join('; ')
  }

  private request(occasion: PlaybookOccasionInMove, round: number): RunRequest {
    const { migration, plan, hostKeys } = this.m
    return {
      runId: `${migration}/${String(round)}/${occasion.occasion}`,
      migration,
      system: plan.system,
      playbook: plan.playbooks[occasion.purpose],
      plan,
      hosts: occasion.hosts ?? {},
      databases: occasion.databases ?? {},
      hostKeys,
      inputs: { ...plan.inputs, ...occasion.inputs },
      skip: [],
      confirmed: [],
    }
  }

  private async mayProceed(): Promise<void> {
    // A failed step that led to a rollback holds nothing up any more, and neither does a pause.
    await this.until(
      () => this.rollingBack || (this.m.standing !== 'paused' && this.m.standing !== 'on-hold'),
    )
  }

  private stopped(): boolean {
    return this.m.abortRequested !== undefined || this.rollbackIsDue()
  }

  private assertNotStopped(): void {
    if (this.m.abortRequested !== undefined) throw new AbortRequested()
    if (this.rollbackIsDue()) throw new RollbackRequested()
  }

  private rollbackIsDue(): boolean {
    return this.m.rollbackRequested !== undefined && !this.rollingBack
  }
}

/** The failure that blocks a step when a playbook's step has failed. */
export function playbookFailure(failure: NonNullable<PlaybookOutcome['failure']>): ApplicationFailure {
  return ApplicationFailure.nonRetryable(`Step "${failure.step}": ${failure.message}`, failure.code)
}

/** The organisation that plays a role in this move. */
export function organisationOf(m: Migration, role: Task['assignee']['role']): string {
  return role === 'auditor' ? '' : m.plan.organisations[role]
}

function describeFailure(error: unknown): { code: string; message: string } {
  let cause = error
  while ((cause instanceof ActivityFailure || cause instanceof ChildWorkflowFailure) && cause.cause)
    cause = cause.cause
  const code = cause instanceof ApplicationFailure && cause.type ? cause.type : 'unexpected'
  const message = cause instanceof Error ? cause.message : String(cause)
  return { code, message: message.slice(0, 2000) }
}
