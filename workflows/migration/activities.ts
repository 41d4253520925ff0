import { ActivityCancellationType, proxyActivities, proxyLocalActivities } from '@temporalio/workflow'
import type { createBothSidesActivities } from '../../activities/both-sides.ts'
import type { createZoneActivities } from '../../activities/zone.ts'
import type { createEventActivities } from '../../activities/events.ts'
import type { createGivenCommandActivities } from '../../activities/given-commands.ts'
import type { createProbeActivities } from '../../activities/probes.ts'
import type { createReportActivities } from '../../activities/report.ts'
import { orchestratorQueue, runnerQueue } from './messages.ts'

/** Recording must succeed however long storage is away: nothing is decided on what is not recorded. */
export const recording = proxyActivities<ReturnType<typeof createEventActivities>>({
  taskQueue: orchestratorQueue,
  startToCloseTimeout: '30s',
  // A runner gives what has happened 15 s to come on record once the record answers.
  retry: { initialInterval: '200ms', maximumInterval: '5s' },
})

/** Looks up within the worker that carries the workflow; the record may be away for some seconds. */
export const proving = proxyLocalActivities<ReturnType<typeof createGivenCommandActivities>>({
  startToCloseTimeout: '5s',
  scheduleToCloseTimeout: '8s',
  retry: { initialInterval: '200ms', maximumInterval: '2s' },
})

export const reports = proxyActivities<ReturnType<typeof createReportActivities>>({
  taskQueue: orchestratorQueue,
  startToCloseTimeout: '2m',
  retry: { maximumAttempts: 5 },
})

/** What looks at hosts from within a network zone. */
export const inZone = (zone: string): ReturnType<typeof createZoneActivities> =>
  proxyActivities<ReturnType<typeof createZoneActivities>>({
    taskQueue: runnerQueue(zone),
    startToCloseTimeout: '10m',
    heartbeatTimeout: '30s',
    retry: { maximumAttempts: 3 },
  })

/** What is done on both sides at once. Tried again it goes on where it stopped, so a runner that was lost is no end of it. */
export const onBothSides = (zone: string): ReturnType<typeof createBothSidesActivities> =>
  proxyActivities<ReturnType<typeof createBothSidesActivities>>({
    taskQueue: runnerQueue(zone),
    startToCloseTimeout: '1h',
    heartbeatTimeout: '15s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: 5 },
  })

/** What copies a whole side, for as long as that takes. Another attempt goes on where the one before stopped. */
export const seeding = (zone: string): ReturnType<typeof createBothSidesActivities> =>
  proxyActivities<ReturnType<typeof createBothSidesActivities>>({
    taskQueue: runnerQueue(zone),
    startToCloseTimeout: '8 days',
    heartbeatTimeout: '15s',
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    retry: { maximumAttempts: 20 },
  })

/** Watches from outside, resumed by any runner of the zone. */
export const watching = (zone: string): ReturnType<typeof createProbeActivities> =>
  proxyActivities<ReturnType<typeof createProbeActivities>>({
    taskQueue: runnerQueue(zone),
    startToCloseTimeout: '8 days',
    heartbeatTimeout: '15s',
    retry: { initialInterval: '1s', maximumInterval: '10s' },
  })
