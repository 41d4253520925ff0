import { CancellationScope, proxyActivities } from '@temporalio/workflow'
import type { createPlaybookRunActivities } from '../../activities/playbook-runs.ts'
import type { PlaybookOutcome } from '../../domain/playbook/outcome.ts'
import { orchestratorQueue } from '../migration/messages.ts'
import { playbook } from '../playbook/workflow.ts'
import { toldFailure } from '../told-failure.ts'
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
  const { code, message, details } = toldFailure(error)
  const { values } = details
  return { done: [], failure: { step: '', code, message, ...(values && { values }) } }
}
