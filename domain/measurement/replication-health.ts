import type { Said } from '../words/message.ts'

/**
 * What becomes of a change on the side that is followed, mildest first. `running`: it arrives. `kept`: nothing is sent there, and it stays as it was left. `stopped`: it waits, and is made
 * up for later. `at-risk`: some of it does not arrive, or what waits is about to be thrown away. `broken`: some of it can
 * never arrive; only copying anew mends that.
 */
export const channels = ['running', 'kept', 'stopped', 'at-risk', 'broken'] as const
export type Channel = (typeof channels)[number]

/** How well one side of a dataset follows the other, in words every family shares. */
export interface ReplicationHealth {
  readonly channel: Channel
  /** How old what has not arrived may be, milliseconds; undefined while that is not known. */
  readonly lagMs?: number
  /** Further figures of its family, by name. */
  readonly figures: Readonly<Record<string, number>>
  /** Why the channel is not `running`; empty when it is. */
  readonly reasons: readonly Said[]
}

/** What one look at a dataset found. */
export interface DatasetLook {
  readonly health: ReplicationHealth
  /** Which sides answered; absent where the family keeps no connection to them. */
  readonly reached?: { readonly old: boolean; readonly new: boolean }
}
