import type { ApplicationFailure } from '@temporalio/workflow'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { hostsOf, type SideRole, zoneOf } from '../../domain/plan/places.ts'
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

/** Records a cutover that the servers report and no step has reported, with the figures on their record. */
export function noteSeen(course: Course, { switched = {} }: SidesFound): void {
  course.state.emit('cut-over', { result: switchResultOf(switched) })
}

/** The failure of a step that has to know which side serves. `after` is the failure that made it ask. */
export function sidesUnclear(
  { plan }: Course['m'],
  { old, new: newSide }: SidesFound,
  after?: Said | string,
): ApplicationFailure {
  const [oldHosts, newHosts] = [hostsNamedOf(plan, 'source'), hostsNamedOf(plan, 'target')]
  return failing(said('sides-unclear', { old, new: newSide, oldHosts, newHosts, after }))
}

/** The failure of a switch that left the old side serving, and its clients waiting or led elsewhere. */
export function entryUnsettled({ plan }: Course['m'], after: Said | string): ApplicationFailure {
  return failing(said('entry-unsettled', { side: hostsNamedOf(plan, 'source'), after }))
}

function hostsNamedOf(plan: MigrationPlan, role: SideRole): string {
  return hostsOf(plan, role)
    .map(({ name, address }) => `"${name}" (${address})`)
    .join(', ')
}
