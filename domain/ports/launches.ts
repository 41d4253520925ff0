import type { Actor } from '../organisation.ts'
import type { GivenPlan } from '../plan/plan.ts'
import type { PlacedPlan } from '../plan/place-conflicts.ts'

/** A request to launch, with the id its move has been given. */
export interface Launch {
  readonly migration: string
  readonly system: string
  readonly plan: string
}

export interface LaunchRequest {
  readonly requestId: string
  readonly system: string
  readonly plan: string
  readonly planDigest: string
  /** Where its move will work. */
  readonly content: PlacedPlan
}

/** Who asked for a launch, and of which plan, as it was handed in. */
export interface LaunchOnRecord {
  readonly by: Actor
  readonly plan: GivenPlan
}

/** Gives each launch of a system its number, so that `<system>-<n>` names one move for ever. */
export interface LaunchesPort {
  /**
   * The launch of this request: a new one with the next number, or the one that was given before. From then on its places are
   * its own until its move is over: of two launches at once that name the same place the second one is refused.
   * @throws LaunchExistsError PlacesTakenError
   */
  reserve(request: LaunchRequest, by: Actor, atMs: number): Promise<Launch>
  /** The launch that gave a move its id; undefined when nobody asked for one. */
  find(migration: string): Promise<LaunchOnRecord | undefined>
  /** Gives a number back whose move never began, because another of the system runs; on record, as its request is. */
  withdraw(migration: string, by: Actor, atMs: number): Promise<void>
  /** As `withdraw`, for a launch nobody has asked for since `beforeMs` and whose move has not begun. */
  withdrawStale(migration: string, by: Actor, atMs: number, beforeMs: number): Promise<void>
}
