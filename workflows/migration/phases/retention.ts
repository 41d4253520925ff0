import { addSpan } from '../../../domain/calendar.ts'
import type { Phase } from '../../../domain/move/phase.ts'
import type { Course } from '../course.ts'

/**
 * Keeps the way back until the time is reached and the owner has released the old data in writing. Both, never one.
 * @returns `retention` when only the run has grown long: the next one keeps on.
 */
export async function retention(course: Course): Promise<Phase> {
  const { policy } = course.m.plan
  if (course.m.retention === undefined) {
    const cutOverAtMs = course.m.switches.at(-1)?.atMs ?? Date.now()
    course.state.emit('retention-started', {
      untilMs: addSpan(cutOverAtMs, policy.retention, policy.timeZone),
      ...(course.m.armingSkipped ? { wayBack: { state: 'degraded', reasons: ['arming-skipped'] } } : {}),
    })
  }
  // The release is refused before the time is reached, so its presence says both.
  const released = (): boolean => course.m.retention?.release !== undefined
  await course.until(() => released() || course.runIsLong())
  return released() ? 'closing' : 'retention'
}
