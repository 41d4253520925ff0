import type { PlaybookOutcome } from '../domain/playbook/outcome.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import type { PlaybookRunsPort } from '../domain/ports/playbook-runs.ts'
import { playbookRunWorkflowId } from '../workflows/playbook-run/messages.ts'
import { explained } from './failure.ts'
import { assertOwnWorkflow, type OwnWorkflowDeps } from './own-workflow.ts'
import { wholeOutcomes } from './step-results.ts'

/** The record of playbook runs outside a move. */
export function createPlaybookRunActivities(
  deps: OwnWorkflowDeps & { readonly runs: PlaybookRunsPort; readonly facts: FactsPort },
) {
  return explained({
    /**
     * Harmless when called again.
     * @throws OtherWorkflowError
     */
    async endPlaybookRun(input: {
      readonly runId: string
      readonly outcome: PlaybookOutcome
    }): Promise<void> {
      const { runId: subject } = input
      const carrier = playbookRunWorkflowId(subject)
      await assertOwnWorkflow(deps, { what: 'endPlaybookRun', subject }, (id) => id === carrier)
      const { failure } = input.outcome
      const done = await wholeOutcomes(deps.facts, input.outcome.done)
      await deps.runs.end(input.runId, { done, ...(failure === undefined ? {} : { failure }) }, Date.now())
    },
  })
}
