import type { WriteGap } from '../../../domain/measurement/write-gap.ts'
import type { MysqlSide } from '../side.ts'

/** What a switch does while nobody is served, one after another. Before `decide` the side `from` serves again after any failure. */
export const gapParts = ['close', 'fence', 'end', 'prove', 'marker', 'wait', 'decide', 'open'] as const
export type GapPart = (typeof gapParts)[number]

export interface SwitchPlan {
  readonly from: MysqlSide
  readonly to: MysqlSide
  /** How long nobody may be served before the switch is undone. */
  readonly deadlineMs: number
  /** Transactions that are open for longer, and have changed something, are waited for before the switch is begun. */
  readonly maxTransactionAgeMs: number
  /** How long they are waited for, and the other side to have caught up. */
  readonly quietWithinMs: number
  /** How long a side that is to serve again is tried to be reached. */
  readonly recoverForMs: number
  /** After this instant the switch is not begun. */
  readonly notAfterMs?: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
  readonly onPart?: (part: GapPart) => void
}

/** What a switch came to. Plain JSON. */
export interface SwitchResult extends WriteGap {
  readonly generation: number
  readonly anatomyMs: Readonly<Partial<Record<GapPart, number>>>
  readonly sessionsEnded: number
  /** The last transaction of the side that was left. */
  readonly last: string
}

/** How long each part took, and which one is under way. */
export class Clock {
  readonly spent: Partial<Record<GapPart, number>> = {}
  part: GapPart = 'close'
  private readonly beganAt = performance.now()

  constructor(private readonly onPart: ((part: GapPart) => void) | undefined) {}

  async run<T>(part: GapPart, work: () => Promise<T>): Promise<T> {
    this.part = part
    this.onPart?.(part)
    const began = performance.now()
    try {
      return await work()
    } finally {
      this.spent[part] = round(performance.now() - began)
    }
  }

  elapsedMs(): number {
    return round(performance.now() - this.beganAt)
  }
}

function round(ms: number): number {
  return Math.round(ms * 10) / 10
}
