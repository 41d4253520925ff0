import { type GapEnder, endGap, openGapMs } from './gap-record.ts'
import type { Reached } from './reach.ts'

/** A gap without a recorded end that has just ended, or was found ended. */
export interface GapEnd {
  readonly serves: 'from' | 'to'
  readonly by: GapEnder
  /** Whether the writers waited until now. If not, somebody resumed them earlier, at an unrecorded moment. */
  readonly waited: boolean
}

/** Records the end of an open gap. When writers that were already resumed went on at the latest, the entry tells. */
export async function noteGapEnd(
  parts: Pick<Reached, 'from' | 'to' | 'entry'>,
  { serves, by, waited }: GapEnd,
): Promise<void> {
  for (const side of [parts.from, parts.to]) {
    if (side === undefined) continue
    const { control, port } = side
    const elapsedMs = await openGapMs(control, port.database)
    if (elapsedMs === undefined) continue
    if (waited) {
      await endGap(control, port.database, { by })
      continue
    }
    const serving = parts[serves]
    const agoMs = (serving && (await parts.entry?.wentOnMsAgo(serving, elapsedMs))) ?? 0
    await endGap(control, port.database, { by, bound: 'at-most', agoMs })
  }
}
