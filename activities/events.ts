import { Context } from '@temporalio/activity'
import type { MigrationEvent } from '../domain/move/event.ts'
import type { MigrationsPort } from '../domain/ports/migrations.ts'
import { explained } from './failure.ts'
import { assertEventsGiven, type GivenEventDeps } from './given-commands.ts'
import { assertOwnWorkflow, carrierOf } from './own-workflow.ts'

/** Writes what a move's workflow says has happened. Harmless when called again: a sequence is recorded once. */
export function createEventActivities(
  deps: GivenEventDeps & { readonly migrations: Pick<MigrationsPort, 'append'> },
) {
  return explained({
    /** @throws OtherWorkflowError CommandNotGivenError EventConflictError EventGapError */
    async appendEvents(input: { readonly events: readonly MigrationEvent[] }): Promise<void> {
      for (const subject of new Set(input.events.map(({ migration }) => migration))) {
        const carrier = carrierOf(subject)
        await assertOwnWorkflow(deps, { what: 'appendEvents', subject }, (id) => id === carrier)
      }
      await assertEventsGiven(deps, input.events)
      await deps.migrations.append(input.events, Context.current().info.workflowExecution?.runId)
    },
  })
}
