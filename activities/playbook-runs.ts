import type { PlaybookOutcome } from '../domain/playbook/outcome.ts'
import type { FactStore } from '../storage/facts.ts'
import type { PlaybookRunStore } from '../storage/playbook-runs.ts'
import { explained } from './failure.ts'
import { wholeOutcomes } from './step-results.ts'

/** The record of playbook runs outside a move. */
export function createPlaybookRunActivities(deps: {
  readonly runs: PlaybookRunStore
  readonly facts: FactStore
}) {
  return explained({
    /** Harmless when called again. */
    async endPlaybookRun(input: {
      readonly runId: string
      readonly outcome: PlaybookOutcome
    }): Promise<void> {
      const { failure } = input.outcome
      const done = await wholeOutcomes(deps.facts, input.outcome.done)
      await deps.runs.end(input.runId, { done, ...(failure === undefined ? {} : { failure }) }, Date.now())
    },
  })
}
