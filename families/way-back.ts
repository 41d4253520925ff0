import type { DatasetLook } from '../domain/measurement/replication-health.ts'
import type { LookedAtMove, WatchedMove } from '../domain/move/watched-move.ts'
import type { SideRole } from '../domain/plan/places.ts'
import type { Said } from '../domain/words/message.ts'
import type { Policy } from '../domain/plan/policy.ts'

/** A move that may not have been watched yet, as while its way back is being armed. */
export type MoveWithSides = LookedAtMove & Partial<Pick<WatchedMove, 'hostKeys'>>

/** What a family watches the way back of its datasets with. */
export interface WayBackPorts<Handle> {
  /** One side of a dataset of a move's plan, opened. */
  readonly opened: (move: MoveWithSides, dataset: string, role: SideRole) => Handle
  /**
   * Runs `work` while every dataset of the move that has it on record says that the new side serves. A family knows no other,
   * so whoever puts the families together asks them.
   */
  readonly whileServing: (
    move: WatchedMove,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ) => Promise<void>
  /** The instant as of which the old side is known to have everything of a dataset, from before this process. */
  readonly lastKnownAsOfMs: (move: WatchedMove, dataset: string) => Promise<number>
}

/** Watches the way back of the datasets of one family, of every move that is watched at a time. */
export interface WayBackWatcher {
  /** How far the old side may be behind before that is a finding. */
  readonly maxLagMs: Readonly<Record<Policy['profile'], number>>
  /** Continues with these moves and releases what it holds for others. */
  keepOnly(moves: readonly WatchedMove[]): void
  /**
   * One look at a dataset, at an instant. A side that does not answer is a finding, not an error. Undefined while there is
   * nothing to be said.
   */
  look(move: LookedAtMove, dataset: string, atMs: number): Promise<DatasetLook | undefined>
  /**
   * Before the switch: looks after what keeps the new side current, and sets it going again where an aborted switch left it
   * stopped. Gives what is wrong, a sentence each.
   */
  lookAfterForward?(move: LookedAtMove, dataset: string): Promise<readonly Said[]>
  /**
   * Where a dataset itself has on record which side serves: runs `work` as long as the new one does. The signal `work` gets
   * fires at the caller's, and when the new side no longer serves.
   */
  whileServing?(
    move: WatchedMove,
    dataset: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void>
  /** Lets go of everything. What it began on hosts has ended when this resolves. */
  stop(): Promise<void>
}
