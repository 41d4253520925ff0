import { proxyActivities } from '@temporalio/workflow'
import type { createDeskActivities } from '../../activities/desk.ts'
import { runnerQueue } from '../migration/messages.ts'
import type { PlaybookDeskAnswer, PlaybookDeskInput } from './messages.ts'

/** Answers one question about a playbook, on the runner that knows the kinds and the hosts. */
export async function playbookDesk(input: PlaybookDeskInput): Promise<PlaybookDeskAnswer> {
  const zone = 'plan' in input ? input.plan.hosts.target.zone : 'default'
  const desk = proxyActivities<ReturnType<typeof createDeskActivities>>({
    taskQueue: runnerQueue(zone),
    startToCloseTimeout: '1h',
    heartbeatTimeout: '30s',
    retry: { maximumAttempts: 2 },
  })
  return desk.answer(input)
}
