import { ActivityFailure, ApplicationFailure, CancellationScope, proxyActivities } from '@temporalio/workflow'
import { messageOf } from '../../domain/errors.ts'
import type { createPlaybookRunActivities } from '../../activities/playbook-runs.ts'
import { failureDetails } from '../../domain/failure-details.ts'
import type { PlaybookOutcome } from '../../domain/playbook/outcome.ts'
import { orchestratorQueue } from '../migration/messages.ts'
import { playbook } from '../playbook/workflow.ts'
import type { PlaybookRunAlone } from './messages.ts'

const recording = proxyActivities<ReturnType<typeof createPlaybookRunActivities>>({
  taskQueue: orchestratorQueue,
  startToCloseTimeout: '30s',
  retry: { initialInterval: '200ms', maximumInterval: '10s' },
})

/** Runs one playbook outside a move, as a move runs its own, and records what came of it. */
export async function playbookRun({ request, personSteps }: PlaybookRunAlone): Promise<void> {
  const outcome = await playbook({ request, finishedTasks: personSteps, stopAtSwitch: false }).catch(
    asOutcome,
  )
  await CancellationScope.nonCancellable(() => recording.endPlaybookRun({ runId: request.runId, outcome }))
}

/** What ended the whole run: a refusal before its first step, or somebody who cancelled it in Temporal. */
function asOutcome(error: unknown): PlaybookOutcome {
  const cause = error instanceof ActivityFailure ? error.cause : error
  const code = cause instanceof ApplicationFailure && cause.type ? cause.type : 'unexpected'
  const message = messageOf(cause)
  const { values } = cause instanceof ApplicationFailure ? failureDetails(cause.details) : {}
  return { done: [], failure: { step: '', code, message, ...(values && { values }) } }
}
