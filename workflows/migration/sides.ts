import type { ApplicationFailure } from '@temporalio/workflow'
import { zoneOf } from '../../domain/plan/places.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { SidesFound } from '../sides/messages.ts'
import { inZone } from './activities.ts'
import type { Course } from './course.ts'
import { failing } from './failing.ts'
import { switchResultOf } from './switch-result.ts'

/** Asks the servers of both sides which one is open: they know when the move does not. */
export async function lookAtSides(course: Course): Promise<SidesFound> {
  const { plan } = course.m
  return inZone(zoneOf(plan, 'target')).lookAtSides({ plan })
}

/** Notes a cutover that the servers tell of and no step has reported, with the figures they have on record. */
export function noteSeen(course: Course, { switched = {} }: SidesFound): void {
  course.state.emit('cut-over', { result: switchResultOf(switched) })
}

/** The failure of a step that has to know which side serves. `after` is what made it ask. */
export function sidesUnclear(found: SidesFound, after?: Said | string): ApplicationFailure {
  return failing(said('sides-unclear', { old: found.old, new: found.new, after }))
}
