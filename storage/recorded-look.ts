import type { Channel, ReplicationHealth } from '../domain/measurement/replication-health.ts'
import type { WayBackMeasurement } from '../domain/move/way-back.ts'
import type { Said } from '../domain/words/message.ts'
import { said } from '../domain/words/said.ts'

/** A measurement in the older format, of a system with one database and one folder. */
export interface EarlierLook {
  readonly atMs: number
  readonly oldSideReachable: boolean
  readonly newSideReachable: boolean
  readonly slotWalStatus?: 'reserved' | 'extended' | 'unreserved' | 'lost'
  readonly subscriptionEnabled?: boolean
  readonly applyRunning?: boolean
  readonly markerAgeMs?: number
  readonly retainedWalBytes?: number
  readonly applyErrors?: number
  readonly tablesNotFollowed?: number
  readonly filesAgeMs?: number
  readonly filesFailure?: { readonly code: string; readonly message: string }
}

/** The fields of an older measurement with the lag, by name of the dataset. */
export const earlierLagOf: Readonly<Record<string, string>> = {
  database: 'markerAgeMs',
  files: 'filesAgeMs',
}

/** Reads a recorded measurement of either format as one of the present format. */
export function readLook(look: WayBackMeasurement | EarlierLook): WayBackMeasurement {
  if ('datasets' in look) return look
  const { atMs, oldSideReachable, newSideReachable, filesAgeMs, filesFailure } = look
  const files = filesAgeMs !== undefined || filesFailure !== undefined ? { files: filesHealth(look) } : {}
  return {
    atMs,
    oldSideReachable,
    newSideReachable,
    datasets: { database: databaseHealth(look), ...files },
  }
}

function databaseHealth(look: EarlierLook): ReplicationHealth {
  const found: readonly (readonly [boolean, Channel, Said])[] = [
    [!look.newSideReachable, 'stopped', said('new-side-unreachable')],
    [!look.oldSideReachable, 'stopped', said('old-side-unreachable')],
    [look.subscriptionEnabled === false, 'stopped', said('reverse-subscription-disabled')],
    [look.applyRunning === false, 'stopped', said('reverse-apply-not-running')],
    [look.slotWalStatus === 'unreserved', 'at-risk', said('reverse-slot-about-to-be-lost')],
    [
      (look.tablesNotFollowed ?? 0) > 0,
      'at-risk',
      said('tables-not-followed', { count: look.tablesNotFollowed ?? 0 }),
    ],
    [look.newSideReachable && look.slotWalStatus === undefined, 'broken', said('reverse-slot-missing')],
    [look.slotWalStatus === 'lost', 'broken', said('reverse-slot-invalidated')],
  ]
  const holding = found.filter(([holds]) => holds)
  return {
    channel: holding.at(-1)?.[1] ?? 'running',
    ...(look.markerAgeMs === undefined ? {} : { lagMs: look.markerAgeMs }),
    figures: {
      ...(look.retainedWalBytes === undefined ? {} : { waitingBytes: look.retainedWalBytes }),
      ...(look.applyErrors === undefined ? {} : { errors: look.applyErrors }),
      ...(look.tablesNotFollowed === undefined ? {} : { tablesNotFollowed: look.tablesNotFollowed }),
    },
    reasons: holding.map(([, , reason]) => reason),
  }
}

function filesHealth({ filesAgeMs, filesFailure }: EarlierLook): ReplicationHealth {
  return {
    channel: filesFailure === undefined ? 'running' : 'stopped',
    ...(filesAgeMs === undefined ? {} : { lagMs: filesAgeMs }),
    figures: {},
    reasons:
      filesFailure === undefined
        ? []
        : [
            {
              code: 'files-not-carried',
              values: { because: filesFailure.message, failure: filesFailure.code },
            },
          ],
  }
}
