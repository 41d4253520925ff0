import { type ReplicationHealth, channels } from '../../domain/measurement/replication-health.ts'
import type { Said } from '../../domain/words/message.ts'
import { said, inForeignWords } from '../../domain/words/said.ts'
import { hours } from './figures.ts'
import type { OutageLeft } from './outage-watch.ts'
import type { Fingerprint } from './differences/fingerprint.ts'
import type { KnownDifferences } from './differences/watched.ts'

/** What the side that serves says of the way back. */
export interface PublisherLook {
  readonly slotWalStatus?: WalStatus
  readonly retainedWalBytes?: number
  /** How much more the slot may keep; absent where that is without bound. */
  readonly keepableWalBytes?: number
  /** The new side's clock: markers carry its time. */
  readonly nowMs: number
  /** When the table of markers was first written here: what a marker that never arrived is as old as. */
  readonly openedAtMs?: number
  readonly tables: readonly string[]
  /** Those that were made anew under their old names. */
  readonly madeAnew?: readonly string[]
  readonly fingerprint: Fingerprint
}

/** What the side that follows says of it. */
export interface SubscriberLook {
  readonly enabled: boolean
  readonly applyRunning: boolean
  readonly applyErrors: number
  readonly markerWrittenAtMs?: number
  /** Whom its worker waits for, while the newest marker has not arrived. */
  readonly waitsFor?: readonly string[]
  /** How many tables of the new side are not followed here. */
  readonly notFollowed?: number
  /** The subscription, if its changes were refused before. */
  readonly link?: string
  /** Tables at which it stops because this side lacks them. */
  readonly stopsAt?: readonly string[]
  readonly fingerprint: Fingerprint
}

/** What slot, subscription, marker and the likeness of the sides come to. The worst of what was found is the channel. */
export function healthOf(
  published: PublisherLook | undefined,
  received: SubscriberLook | undefined,
  differing: KnownDifferences,
  outage?: OutageLeft,
  obstacles: readonly string[] = [],
): ReplicationHealth {
  const found = [
    ...publisherFindings(published),
    ...subscriberFindings(received),
    ...differenceFindings(differing),
    ...outageFindings(outage),
    ...(obstacles.length === 0
      ? []
      : [
          finding(
            'at-risk',
            said('rollback-would-be-refused', { count: obstacles.length, objects: obstacles.slice(0, 5) }),
          ),
        ]),
  ]
  const arrivedAtMs = received?.markerWrittenAtMs ?? published?.openedAtMs
  const isKnown = published !== undefined && received !== undefined && arrivedAtMs !== undefined
  return {
    channel: channels.findLast((channel) => found.some((one) => one.channel === channel)) ?? 'running',
    ...(isKnown ? { lagMs: Math.max(0, Math.round(published.nowMs - arrivedAtMs)) } : {}),
    figures: {
      ...(published?.retainedWalBytes === undefined ? {} : { waitingBytes: published.retainedWalBytes }),
      ...(received === undefined ? {} : { errors: received.applyErrors }),
      ...(received?.notFollowed === undefined ? {} : { tablesNotFollowed: received.notFollowed }),
    },
    reasons: found.map(({ reason }) => reason),
  }
}

export type WalStatus = 'reserved' | 'extended' | 'unreserved' | 'lost'

interface Found {
  readonly channel: ReplicationHealth['channel']
  readonly reason: Said
}

const finding = (channel: Found['channel'], reason: Said): Found => ({ channel, reason })

/** By pg_replication_slots.wal_status of the reverse slot. */
const slotFindings: Readonly<Record<WalStatus, readonly Found[]>> = {
  reserved: [],
  extended: [],
  unreserved: [finding('at-risk', said('reverse-slot-about-to-be-lost'))],
  lost: [finding('broken', said('reverse-slot-invalidated'))],
}

function outageFindings(outage: OutageLeft | undefined): readonly Found[] {
  if (outage === undefined || outage.leftMs >= outage.neededMs) return []
  const { leftMs, neededMs } = outage
  return [finding('at-risk', said('outage-not-survived', { left: hours(leftMs), needed: hours(neededMs) }))]
}

function differenceFindings({ objects, unknownBecause: because }: KnownDifferences): readonly Found[] {
  return [
    ...(objects.length === 0
      ? []
      : [finding('at-risk', said('sides-unlike', { count: objects.length, objects: objects.slice(0, 5) }))]),
    ...(because === undefined
      ? []
      : [finding('at-risk', said('sides-not-compared', { because: inForeignWords(because) }))]),
  ]
}

function publisherFindings(published: PublisherLook | undefined): readonly Found[] {
  if (published === undefined) return [finding('stopped', said('new-side-unreachable'))]
  const { slotWalStatus, madeAnew = [] } = published
  if (slotWalStatus === undefined) return [finding('broken', said('reverse-slot-missing'))]
  return [
    ...slotFindings[slotWalStatus],
    ...(madeAnew.length === 0
      ? []
      : [
          finding(
            'at-risk',
            said('tables-replaced', { count: madeAnew.length, tables: madeAnew.slice(0, 5) }),
          ),
        ]),
  ]
}

function subscriberFindings(received: SubscriberLook | undefined): readonly Found[] {
  if (received === undefined) return [finding('stopped', said('old-side-unreachable'))]
  return [
    ...(received.enabled ? [] : [finding('stopped', said('reverse-subscription-disabled'))]),
    ...(received.applyRunning ? [] : [finding('stopped', said('reverse-apply-not-running'))]),
    ...(received.waitsFor === undefined || received.waitsFor.length === 0
      ? []
      : [finding('at-risk', said('reverse-apply-waits', { holders: received.waitsFor }))]),
    ...(received.stopsAt === undefined || received.stopsAt.length === 0
      ? []
      : [finding('stopped', said('reverse-tables-unknown', { tables: received.stopsAt.slice(0, 5) }))]),
    ...(received.notFollowed
      ? [finding('at-risk', said('tables-not-followed', { count: received.notFollowed }))]
      : []),
  ]
}
