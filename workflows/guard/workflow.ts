import { continueAsNew, proxyActivities } from '@temporalio/workflow'
import type { createGuardActivities } from '../../activities/guard.ts'
import { runnerQueue } from '../migration/messages.ts'
import type { GuardInput } from './messages.ts'

/**
 * Watches the way back of every move in retention in one zone. The activity looks on and on; a steady state adds nothing
 * to any history. When it ends, it is begun again in a fresh one.
 */
export async function guard(input: GuardInput): Promise<void> {
  const { watchZone } = proxyActivities<ReturnType<typeof createGuardActivities>>({
    taskQueue: runnerQueue(input.zone),
    startToCloseTimeout: '7 days',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', maximumInterval: '10s' },
  })
  await watchZone({ zone: input.zone, forMs: 6 * 86_400_000 })
  await continueAsNew<typeof guard>(input)
}
