import { setTimeout as sleep } from 'node:timers/promises'
import type { Client } from '@temporalio/client'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import type { Migration } from '../domain/move/migration.ts'
import { isOver } from '../domain/move/phase.ts'
import type { Actor } from '../domain/organisation.ts'
import { datasetsOf } from '../domain/plan/places.ts'
import type { GivenPlan, MigrationPlan } from '../domain/plan/plan.ts'
import { PlacesTakenError } from '../domain/ports/errors.ts'
import type { Launch, LaunchesPort, LaunchRequest } from '../domain/ports/launches.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import type { SystemsPort } from '../domain/ports/systems.ts'
import { familiesInPlans } from '../families/index.ts'
import {
  migrationWorkflowId,
  orchestratorQueue,
  type MigrationInput,
} from '../workflows/migration/messages.ts'
import type { migration as migrationWorkflow } from '../workflows/migration/workflow.ts'
import { AlreadyMovingError, MoveEndedOutsideError, NewSideServesError } from './errors.ts'
import {
  assertAsPlanned,
  assertMayMove,
  assertPlaybooksFrozen,
  type PlanLedger,
  type PlaybookReader,
} from './may-move.ts'
import { meaningOf } from './temporal-answers.ts'
import type { MoveWatch } from './watch.ts'
import { describeWorkflow } from './workflow-look.ts'

export interface LauncherDeps {
  readonly temporal: Client
  readonly migrations: Pick<MigrationsPort, 'find' | 'sequenceOf'>
  readonly launches: LaunchesPort
  readonly systems: SystemsPort
  readonly plans: PlanLedger
  readonly playbooks: PlaybookReader
  readonly watch: Pick<MoveWatch, 'look'>
  /** How long Temporal may take to answer, by default 10 s. */
  readonly withinMs?: number | undefined
}

/** A plan as it is stored, with the digest of its canonical JSON as it was handed in. */
export interface FrozenPlan {
  readonly content: MigrationPlan
  /** In the version it was handed in: what is launched, and stands in the record of the move. */
  readonly given: GivenPlan
  readonly digest: string
}

/** Long after this no start is on its way any more that was asked for before. */
const startsWithinMs = 120_000

/** Begins moves, whoever asks for it: a person through the API, or a workflow through an activity. */
export class Launcher {
  constructor(private readonly deps: LauncherDeps) {}

  /**
   * Starts the move of a plan's system and gives its id. The workflow's id is the system's, so Temporal itself sees to
   * it that a system is not moved twice at a time; the launch only numbers the moves. The same `requestId` again gives the
   * same move.
   * @throws InvalidInputError when the ledger, as it is now, has something against the plan
   * @throws PlaybookChangedError UnknownPlaybookError AlreadyMovingError MoveEndedOutsideError NewSideServesError
   * LaunchExistsError PlacesTakenError NotAnsweredError
   */
  async launch(plan: FrozenPlan, by: Actor, requestId: string): Promise<string> {
    const { launches, migrations, systems, playbooks } = this.deps
    await assertMayMove(systems, plan.content)
    await assertAsPlanned(this.deps, plan.content)
    await assertPlaybooksFrozen(playbooks, plan.content)
    const { system, plan: name } = plan.content
    const request = { requestId, system, plan: name, planDigest: plan.digest, content: plan.content }
    const launched = await this.reserve(request, by)
    // The same request again, and its move has begun long ago.
    if ((await migrations.sequenceOf(launched.migration)) > 0) return launched.migration
    const before = await migrations.find(system)
    if (before !== undefined) {
      try {
        await this.assertOver(before, plan.content)
      } catch (error) {
        await launches.withdraw(launched.migration, by, Date.now())
        throw error
      }
      await this.untilEnded(system, before.migration)
    }
    await this.start(launched, plan, by)
    return launched.migration
  }

  /** A launch that got no further than being asked for, since Temporal was away, keeps its places from nobody for long. */
  private async reserve(request: LaunchRequest, by: Actor): Promise<Launch> {
    const { launches } = this.deps
    try {
      return await launches.reserve(request, by, Date.now())
    } catch (error) {
      if (!(error instanceof PlacesTakenError) || error.taker.begun) throw error
      const { migration, system, atMs } = error.taker
      const beforeMs = Date.now() - startsWithinMs
      if (atMs >= beforeMs || (await this.runningMigration(system)) === migration) throw error
      await launches.withdrawStale(migration, by, Date.now(), beforeMs)
      return launches.reserve(request, by, Date.now())
    }
  }

  /** @throws AlreadyMovingError MoveEndedOutsideError NewSideServesError NotAnsweredError */
  private async assertOver(before: Migration, plan: MigrationPlan): Promise<void> {
    if (!isOver(before)) {
      const end = await this.deps.watch.look(before)
      if (end !== undefined) throw new MoveEndedOutsideError(before, end)
      throw new AlreadyMovingError(plan.system, before.migration)
    }
    if (before.endedOutside?.acknowledged?.serves !== 'new') return
    if (leavesFrom(before.plan, plan)) throw new NewSideServesError(plan.system, before.migration)
  }

  /** A move is recorded as over a moment before its workflow ends: who launches in that moment waits for it. */
  private async untilEnded(system: string, migration: string): Promise<void> {
    const deadlineMs = this.deadlineMs()
    while (Date.now() < deadlineMs) {
      const known = await describeWorkflow(this.deps.temporal, system, deadlineMs - Date.now())
      if (known?.status.name !== 'RUNNING' || known.memo?.['migration'] !== migration) return
      await sleep(50)
    }
  }

  private async start({ migration, system }: Launch, plan: FrozenPlan, by: Actor): Promise<void> {
    await this.begin(
      system,
      { migration, plan: plan.given, planDigest: plan.digest, launchedBy: by },
      async () => this.deps.launches.withdraw(migration, by, Date.now()),
    )
  }

  /**
   * Has a new workflow carry a move on from its record. One that carries it already is left as it is.
   * @throws AlreadyMovingError NotAnsweredError
   */
  async carryOn(m: Migration): Promise<void> {
    const { migration, plan, planDigest, launchedBy } = m
    const resumed = { schemaVersion: 2, migration: m, unrecorded: [], answered: [] } as const
    await this.begin(plan.system, { migration, plan, planDigest, launchedBy, resumed })
  }

  private async begin(system: string, input: MigrationInput, withdraw?: () => Promise<void>): Promise<void> {
    const { temporal } = this.deps
    const { migration } = input
    try {
      await temporal.withDeadline(this.deadlineMs(), () =>
        temporal.workflow.start<typeof migrationWorkflow>('migration', {
          workflowId: migrationWorkflowId(system),
          taskQueue: orchestratorQueue,
          args: [input],
          memo: { migration },
          workflowIdConflictPolicy: 'FAIL',
          workflowIdReusePolicy: 'ALLOW_DUPLICATE',
        }),
      )
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw meaningOf(error) ?? error
      const running = await this.runningMigration(system)
      // Asked a second time because the first answer was lost: it is the very same move.
      if (running === migration) return
      await withdraw?.()
      throw new AlreadyMovingError(system, running ?? system)
    }
  }

  /** The id of the move the system's workflow carries, from the memo it was started with. */
  private async runningMigration(system: string): Promise<string | undefined> {
    const known = await describeWorkflow(this.deps.temporal, system, this.deadlineMs() - Date.now())
    const migration = known?.memo?.['migration']
    return typeof migration === 'string' ? migration : undefined
  }

  private deadlineMs(): number {
    return Date.now() + (this.deps.withinMs ?? 10_000)
  }
}

/** Whether a plan moves what is switched from where another move has taken it away. */
function leavesFrom(before: MigrationPlan, plan: MigrationPlan): boolean {
  const switched = datasetsOf(before).filter(
    ({ family }) => (familiesInPlans[family]?.entries ?? []).length > 0,
  )
  return switched.some((left) =>
    datasetsOf(plan, left.family).some(
      ({ source }) => familiesInPlans[left.family]?.samePlace(left.source, source) ?? false,
    ),
  )
}
