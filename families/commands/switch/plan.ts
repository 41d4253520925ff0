import type { WriteGap } from '../../../domain/measurement/write-gap.ts'
import type { CommandsSide } from '../side.ts'

/** What a switch does, one after another. Before `open` the side `from` serves again after any failure. */
export const coldParts = ['stop', 'copy', 'measure', 'open', 'start'] as const
export type ColdPart = (typeof coldParts)[number]

export interface ColdSwitchPlan {
  readonly from: CommandsSide
  readonly to: CommandsSide
  /** How long nobody may be served before the switch is undone. */
  readonly deadlineMs: number
  readonly stopTimeoutMs: number
  readonly startTimeoutMs: number
  /** How long nothing may be heard of the runner before the side `from` serves again by itself. */
  readonly silentAfterMs: number
  /** After this instant the switch is not begun. */
  readonly notAfterMs?: number
  readonly signal: AbortSignal
  readonly say: (line: string) => void
}

/** What a switch came to. Plain JSON. */
export interface ColdSwitchResult extends WriteGap {
  readonly generation: number
  readonly anatomyMs: Readonly<Partial<Record<ColdPart, number>>>
  /** Absent where the side was opened as it had been left. */
  readonly copiedBytes?: number
  /** The figures that were the same on both sides; absent where the side was opened as it had been left. */
  readonly figures?: Readonly<Record<string, string>>
  /** Of a side that was opened as it had been left: until when it has everything. What came later is on the other side alone. */
  readonly currentUntil?: string
}

/** Whether a switch to a side brings everything there, or opens it as it was left. */
export function isCopiedTo({ place }: CommandsSide): boolean {
  return place.scripts.take !== undefined
}
