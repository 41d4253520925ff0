import { proxyActivities } from '@temporalio/workflow'
import type { createPlaybookActivities } from '../../activities/playbook.ts'
import { runnerQueue } from '../migration/messages.ts'

/**
 * Playbook steps in a network zone. A runner that dies is noticed by its missing heartbeat within seconds, because the
 * switch of a cutover may be what it left half done; the next one resumes from the journal.
 */
export const steps = (zone: string): ReturnType<typeof createPlaybookActivities> =>
  proxyActivities<ReturnType<typeof createPlaybookActivities>>({
    taskQueue: runnerQueue(zone),
    startToCloseTimeout: '7 days',
    heartbeatTimeout: '6s',
    retry: { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: 100 },
  })

/** Activities that undo steps. They end even when no runner answers: what stays behind is named, not waited for. */
export const undoing = (
  zone: string,
  longest: '1 hour' | '5 minutes' = '1 hour',
): Pick<ReturnType<typeof createPlaybookActivities>, 'undoPlaybook'> =>
  proxyActivities<ReturnType<typeof createPlaybookActivities>>({
    taskQueue: runnerQueue(zone),
    scheduleToCloseTimeout: longest,
    heartbeatTimeout: '6s',
    retry: { initialInterval: '500ms', maximumInterval: '10s', maximumAttempts: 100 },
  })
