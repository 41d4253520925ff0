import { addSpan } from '../../../domain/calendar.ts'
import { rearmStep } from '../../../domain/move/way-back.ts'
import { zoneOf } from '../../../domain/plan/places.ts'
import { inZone, seeding } from '../activities.ts'
import type { Phase } from '../../../domain/move/phase.ts'
import type { Course } from '../course.ts'
import { attestedWayBack } from '../tracked.ts'
import { agreeToGiveUp } from '../sides.ts'

/** Seeds the old side anew, with the new one serving. The guard tells when every dataset follows again. */
async function rearm(course: Course): Promise<void> {
  const done = await course.step(rearmStep, async () => {
    const { plan, hostKeys, migration } = course.m
    const giveUp = course.m.rearm?.giveUp
    const givenUp = giveUp && (await agreeToGiveUp(course, 'old', giveUp))
    const reseeded = await seeding(zoneOf(plan, 'target')).rearmWayBack({
      ...{ plan, hostKeys, migration },
      ...(givenUp && { givenUp }),
    })
    await inZone(zoneOf(plan, 'target')).awaitArmed({ migration, plan, hostKeys })
    return reseeded
  })
  if (done !== undefined) course.state.emit('way-back-rearmed', done)
}

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
      ...(course.m.plan.tracked !== undefined
        ? { wayBack: attestedWayBack(course.m) }
        : course.m.armingSkipped
          ? { wayBack: { state: 'degraded', reasons: ['arming-skipped'] } }
          : course.m.wayBackFound && { wayBack: course.m.wayBackFound }),
    })
  }
  // The release is refused before the time is reached, so its presence says both.
  const released = (): boolean => course.m.retention?.release !== undefined
  for (;;) {
    await course.until(() => released() || course.runIsLong() || course.m.rearm !== undefined)
    if (course.m.rearm === undefined) return released() ? 'closing' : 'retention'
    await rearm(course)
  }
}
