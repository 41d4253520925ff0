import { Context } from '@temporalio/activity'
import { shortened } from '../domain/errors.ts'
import type { RecordedReason } from '../domain/move/recorded-reason.ts'
import type { PlaybookOutcome } from '../domain/playbook/outcome.ts'
import type { RunRequest, StepGroup } from '../domain/plan/run-request.ts'
import type { StepJournal } from '../domain/playbook/step-journal.ts'
import type { Runner } from '../runner/runner.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import { carriedOutcomes } from './step-results.ts'

/** Short against the heartbeat time-out of the steps' activities, so that a loaded machine is not taken for a dead one. */
const heartbeatEveryMs = 1_000

/** Playbooks on the hosts of one zone. */
export function createPlaybookActivities(deps: {
  readonly runner: Runner
  readonly journal: StepJournal
  readonly facts: FactsPort
}) {
  const { runner, journal, facts } = deps
  return explained({
    async describePlaybook(input: { readonly request: RunRequest }): Promise<readonly StepGroup[]> {
      return runner.describe(input.request)
    },

    /** Runs steps from where the journal says they are. Results too large to travel are in storage, named by digest. */
    async runSteps(input: {
      readonly request: RunRequest
      readonly steps: readonly string[]
    }): Promise<PlaybookOutcome> {
      // A confirmation that an interrupted step may run again counts for one attempt: if that one is interrupted too, its
      // outcome is unknown again.
      const request =
        Context.current().info.attempt === 1 ? input.request : { ...input.request, confirmed: [] }
      return withHeartbeat(heartbeatEveryMs, async (signal) => {
        const { done, failure, ...outcome } = await runner.runSteps(request, input.steps, {
          signal,
          onProgress: (progress) => {
            Context.current().heartbeat(progress)
          },
        })
        return {
          ...outcome,
          done: await carriedOutcomes(facts, done),
          ...(failure && { failure: { ...failure, message: shortened(failure.message) } }),
        }
      })
    },

    /**
     * Undoes what the run's journal says was done, the last step first. A run that never began has nothing to undo.
     * @returns what had to be left because it could not be reached
     */
    async undoPlaybook(input: { readonly request: RunRequest }): Promise<readonly RecordedReason[]> {
      const entries = await journal.readRun(input.request.runId)
      const begun = entries.filter(
        (e) => e.status === 'done' || e.status === 'failed' || e.status === 'started',
      )
      if (begun.length === 0) return []
      const { left } = await withHeartbeat(heartbeatEveryMs, (signal) =>
        runner.undo(
          input.request,
          begun.map((e) => e.stepId),
          { signal },
        ),
      )
      return left
    },
  })
}
