import type { PlaybookOutcome } from '../domain/playbook-outcome.ts'
import type { PlaybookRunStore } from '../storage/playbook-runs.ts'
import { explained } from './failure.ts'

/** The record of playbook runs outside a move. */
export function createPlaybookRunActivities(deps: { readonly runs: PlaybookRunStore }) {
  return explained({
    /** Harmless when called again. */
    async endPlaybookRun(input: {
      readonly runId: string
      readonly outcome: PlaybookOutcome
    }): Promise<void> {
      const { done, failure } = input.outcome
      await deps.runs.end(input.runId, { done, ...(failure === undefined ? {} : { failure }) }, Date.now())
    },
  })
}
