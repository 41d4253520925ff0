import { setTimeout as sleep } from 'node:timers/promises'
import { WorkflowExecutionAlreadyStartedError, WorkflowNotFoundError } from '@temporalio/common'
import type { Actor } from '../domain/organisation.ts'
import type { Launch } from '../storage/launches.ts'
import type { StoredPlan } from '../storage/plans.ts'
import {
  migrationWorkflowId,
  orchestratorQueue,
  type MigrationInput,
} from '../workflows/migration/messages.ts'
import type { migration as migrationWorkflow } from '../workflows/migration/workflow.ts'
import type { ApiContext } from './context.ts'
import { AlreadyMovingError, MoveNotRunningError } from './errors.ts'
import { meaningOf } from './temporal.ts'

const deadlineOf = (context: ApiContext): number => Date.now() + (context.commandTimeoutMs ?? 10_000)

/**
 * Starts the move of a plan's system and gives its id. The workflow's id is the system's, so Temporal itself sees to
 * it that a system is not moved twice at a time; the launch only numbers the moves.
 * @throws AlreadyMovingError MoveNotRunningError NotAnsweredError
 */
export async function launch(
  context: ApiContext,
  plan: StoredPlan,
  by: Actor,
  requestId: string,
): Promise<string> {
  const { system, plan: name } = plan.content
  const request = { requestId, system, plan: name, planDigest: plan.digest }
  const before = await context.migrations.find(system)
  const launched = await context.launches.reserve(request, by, Date.now())
  const isOver = before === undefined || before.standing === 'closed' || before.standing === 'aborted'
  if (!isOver && before.migration !== launched.migration) {
    await context.launches.withdraw(launched.migration)
    throw (await isRunning(context, system))
      ? new AlreadyMovingError(system, before.migration)
      : new MoveNotRunningError(before.migration)
  }
  if (before !== undefined && isOver) await untilEnded(context, system, before.migration)
  await start(context, launched, plan, by)
  return launched.migration
}

/** A move is recorded as over a moment before its workflow ends: who launches in that moment waits for it. */
async function untilEnded(context: ApiContext, system: string, migration: string): Promise<void> {
  const deadlineMs = deadlineOf(context)
  while (Date.now() < deadlineMs) {
    const known = await describe(context, system)
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
    await context.launches.withdraw(migration)
    throw new AlreadyMovingError(system, running ?? system)
  }
}

/** The id of the move the system's workflow carries, from the memo it was started with. */
async function runningMigration(context: ApiContext, system: string): Promise<string | undefined> {
  const migration = (await describe(context, system))?.memo?.['migration']
  return typeof migration === 'string' ? migration : undefined
}

async function isRunning(context: ApiContext, system: string): Promise<boolean> {
  return (await describe(context, system))?.status.name === 'RUNNING'
}

/** What Temporal knows of the system's newest workflow; undefined when it knows none. */
async function describe(context: ApiContext, system: string) {
  const { temporal } = context
  try {
    return await temporal.withDeadline(deadlineOf(context), () =>
      temporal.workflow.getHandle(migrationWorkflowId(system)).describe(),
    )
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return undefined
    throw meaningOf(error) ?? error
  }
}
