import { Context } from '@temporalio/activity'
import type { MigrationEvent } from '../domain/move/event.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import { explained } from './failure.ts'
import { assertEventsGiven, type GivenEventDeps } from './given-commands.ts'

/** Writes what a move's workflow says has happened. Harmless when called again: a sequence is recorded once. */
export function createEventActivities(
  deps: GivenEventDeps & { readonly migrations: Pick<MigrationsPort, 'append'> },
) {
  return explained({
    /** @throws CommandNotGivenError EventConflictError EventGapError */
    async appendEvents(input: { readonly events: readonly MigrationEvent[] }): Promise<void> {
      await assertEventsGiven(deps, input.events)
      await deps.migrations.append(input.events, Context.current().info.workflowExecution?.runId)
    },
  })
}
