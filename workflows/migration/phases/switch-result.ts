import type { SwitchResult } from '../../../domain/event.ts'

/** What a switchover step reported, as the move keeps it. */
export function switchResultOf(result: Readonly<Record<string, unknown>>): SwitchResult {
  const { gapMs, generation, anatomyMs } = result
  return {
    gapMs: typeof gapMs === 'number' ? gapMs : 0,
    generation: typeof generation === 'number' ? generation : 0,
    anatomyMs: (anatomyMs ?? {}) as SwitchResult['anatomyMs'],
  }
}
