import type { DatasetLook } from '../domain/measurement/replication-health.ts'
import type { LookedAtMove, WatchedMove } from '../domain/move/watched-move.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { Policy } from '../domain/plan/policy.ts'

/** Watches the way back of the datasets of one family, of every move that is watched at a time. */
export interface WayBackWatcher {
  /** How far the old side may be behind before that is a finding. */
  readonly maxLagMs: Readonly<Record<Policy['profile'], number>>
  /** The names of its datasets in a plan. */
  datasetsOf(plan: MigrationPlan): readonly string[]
  /** Goes on with these moves, and lets go of what it keeps for others. */
  keepOnly(moves: readonly WatchedMove[]): void
  /**
   * One look at a dataset, at an instant. A side that does not answer is a finding, not an error. Undefined while there is
   * nothing to be said.
   */
  look(move: LookedAtMove, dataset: string, atMs: number): Promise<DatasetLook | undefined>
  /**
   * Where the datasets themselves have on record which side serves: runs `work` as long as the new one does. The signal
   * `work` gets fires at the caller's, and when the new side no longer serves.
   */
  whileServing?(
    move: WatchedMove,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void>
  /** Lets go of everything. What it began on hosts has ended when this resolves. */
  stop(): Promise<void>
}
