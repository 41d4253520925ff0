import type { MoveBeforeSwitch, WatchedMove } from '../move/watched-move.ts'

/** Where the moves in retention are read. */
export interface WatchedMovesPort {
  /** The moves that are in retention and not over. What has not changed since the last call is not read again. */
  inRetention(): Promise<readonly WatchedMove[]>
  /** The moves that are in their cutover, not over and not switched: the new side is kept current until they are. */
  beforeSwitch(): Promise<readonly MoveBeforeSwitch[]>
}
