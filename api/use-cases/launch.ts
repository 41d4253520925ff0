import { setTimeout as sleep } from 'node:timers/promises'
import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common'
import type { Migration } from '../../domain/move/migration.ts'
import type { Actor } from '../../domain/organisation.ts'
import { isOver } from '../../domain/move/phase.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { Launch } from '../../storage/launches.ts'
import type { StoredPlan } from '../../storage/plans.ts'
import {
  migrationWorkflowId,
  orchestratorQueue,
  type MigrationInput,
} from '../../workflows/migration/messages.ts'
import type { migration as migrationWorkflow } from '../../workflows/migration/workflow.ts'
import type { ApiContext } from '../context.ts'
import { MoveEndedOutsideError, NewSideServesError } from '../ended-outside-errors.ts'
import { AlreadyMovingError } from '../errors.ts'
import { lookAtMove } from './move-watch.ts'
import { meaningOf } from '../temporal/answers.ts'
import { describeWorkflow } from '../temporal/workflow-look.ts'

const deadlineOf = (context: ApiContext): number => Date.now() + (context.commandTimeoutMs ?? 10_000)

/**
 * Starts the move of a plan's system and gives its id. The workflow's id is the system's, so Temporal itself sees to
 * it that a system is not moved twice at a time; the launch only numbers the moves.
 * @throws AlreadyMovingError MoveEndedOutsideError NewSideServesError NotAnsweredError
 */
export async function launch(
  context: ApiContext,
  plan: StoredPlan,
  by: Actor,
  requestId: string,
): Promise<string> {
  const { system, plan: name } = plan.content
  const request = { requestId, system, plan: name, planDigest: plan.digest }
  const launched = await context.launches.reserve(request, by, Date.now())
  // The same request again, and its move has begun long ago.
  if ((await context.migrations.sequenceOf(launched.migration)) > 0) return launched.migration
  const before = await context.migrations.find(system)
  if (before !== undefined) {
    try {
      await assertOver(context, before, plan.content)
    } catch (error) {
      await context.launches.withdraw(launched.migration, by, Date.now())
      throw error
    }
  }
  if (before !== undefined) await untilEnded(context, system, before.migration)
  await start(context, launched, plan, by)
  return launched.migration
}

/** @throws AlreadyMovingError MoveEndedOutsideError NewSideServesError NotAnsweredError */
async function assertOver(context: ApiContext, before: Migration, plan: MigrationPlan): Promise<void> {
  if (!isOver(before)) {
    const end = await lookAtMove(context, before)
    if (end !== undefined) throw new MoveEndedOutsideError(before, end)
    throw new AlreadyMovingError(plan.system, before.migration)
  }
  if (before.endedOutside?.acknowledged?.serves !== 'new') return
  const left = before.plan.databases.source
  const { address, port, database } = plan.databases.source
  if (left.address === address && left.port === port && left.database === database)
    throw new NewSideServesError(plan.system, before.migration)
}

/** A move is recorded as over a moment before its workflow ends: who launches in that moment waits for it. */
async function untilEnded(context: ApiContext, system: string, migration: string): Promise<void> {
  const deadlineMs = deadlineOf(context)
  while (Date.now() < deadlineMs) {
    const known = await describeWorkflow(context, system, deadlineMs - Date.now())
    if (known?.status.name !== 'RUNNING' || known.memo?.['migration'] !== migration) return
    await sleep(50)
  }
}

async function start(context: ApiContext, launched: Launch, plan: StoredPlan, by: Actor): Promise<void> {
  const { migration, system } = launched
  const input: MigrationInput = {
    migration,
    plan: plan.content,
    planDigest: plan.digest,
    launchedBy: by,
  }
  const { temporal } = context
  try {
    await temporal.withDeadline(deadlineOf(context), () =>
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
    const running = await runningMigration(context, system)
    // Asked a second time because the first answer was lost: it is the very same move.
    if (running === migration) return
    await context.launches.withdraw(migration, by, Date.now())
    throw new AlreadyMovingError(system, running ?? system)
  }
}

/** The id of the move the system's workflow carries, from the memo it was started with. */
async function runningMigration(context: ApiContext, system: string): Promise<string | undefined> {
  const known = await describeWorkflow(context, system, deadlineOf(context) - Date.now())
  const migration = known?.memo?.['migration']
  return typeof migration === 'string' ? migration : undefined
}
