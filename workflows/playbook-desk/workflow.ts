import { zoneOf } from '../../domain/plan/places.ts'
import { proxyActivities } from '@temporalio/workflow'
import type { createDeskActivities } from '../../activities/desk.ts'
import { runnerQueue } from '../migration/messages.ts'
import type { PlaybookDeskAnswer, PlaybookDeskInput } from './messages.ts'

/** Answers one question about a playbook, on a runner of the zone that reaches its hosts. */
export async function playbookDesk(input: PlaybookDeskInput): Promise<PlaybookDeskAnswer> {
  const desk = proxyActivities<ReturnType<typeof createDeskActivities>>({
    taskQueue: runnerQueue(zoneOf(input.plan, 'target')),
    startToCloseTimeout: '1h',
    heartbeatTimeout: '30s',
    retry: { maximumAttempts: 2 },
  })
  return desk.answer(input)
}
