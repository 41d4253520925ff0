import { type GapEnder, endGap, openGapMs } from './gap-record.ts'
import { sessionAges } from '../server/sessions.ts'
import type { Parts } from './parts.ts'
import type { Reached } from './reach.ts'
import type { SwitchPlan } from './plan.ts'

/** Resumes clients at once: both commands are sent without waiting in between. */
export async function release(
  plan: Pick<SwitchPlan, 'entry'>,
  { console }: Pick<Parts, 'console'>,
): Promise<void> {
  await Promise.all([console.reload(), console.resume(plan.entry.name)])
}

/** A gap without a recorded end that has just ended, or was found ended. */
export interface GapEnd {
  readonly entry: string
  readonly serves: 'from' | 'to'
  readonly by: GapEnder
  /** Whether the entry was still paused. If not, somebody resumed the writers earlier, at an unrecorded moment. */
  readonly wasPaused: boolean
}

/**
 * Records the end of an open gap. Writers that were already resumed went on, at the latest, when the entry opened its oldest session on
 * the side that serves: a pause leaves no session.
 */
export async function noteGapEnd(
  parts: Pick<Reached, 'from' | 'to' | 'console'>,
  { entry, serves, by, wasPaused }: GapEnd,
): Promise<void> {
  for (const side of [parts.from, parts.to]) {
    if (side === undefined) continue
    const { control, port } = side
    const elapsedMs = await openGapMs(control, port.database)
    if (elapsedMs === undefined) continue
    if (wasPaused) {
      await endGap(control, port.database, { by })
      continue
    }
    const pids = (await parts.console?.serverPids(entry)) ?? []
    const serving = parts[serves]
    const ages = serving === undefined ? [] : await sessionAges(serving.control, pids)
    const agoMs = Math.max(0, ...ages.filter((ageMs) => ageMs < elapsedMs))
    await endGap(control, port.database, { by, bound: 'at-most', agoMs })
  }
}
