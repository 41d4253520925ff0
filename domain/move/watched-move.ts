import type { Migration } from './migration.ts'

/** What is read of a move in retention to look at its way back, again and again. */
export type WatchedMove = Pick<
  Migration,
  | 'migration'
  | 'sequence'
  | 'phase'
  | 'plan'
  | 'hostKeys'
  | 'switches'
  | 'retention'
  | 'rollbackRequested'
  | 'rearm'
>

/** What is read of a move before its switch, while its new side is to be kept current. */
export type MoveBeforeSwitch = LookedAtMove & Pick<Migration, 'sequence' | 'forward'>

/** What a look at the way back of a move needs to know of it. */
export type LookedAtMove = Pick<WatchedMove, 'migration' | 'plan' | 'switches'>
