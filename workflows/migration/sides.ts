import { isCancellation, type ApplicationFailure } from '@temporalio/workflow'
import { servingSide, type Side } from '../../domain/move/workflow-end.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { GivenUp, KeptDump } from '../../domain/move/giving-up.ts'
import { hostsOf, type SideRole, zoneOf } from '../../domain/plan/places.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { SidesFound } from '../sides/messages.ts'
import { inZone, onBothSides } from './activities.ts'
import type { Course } from './course.ts'
import { describeFailure, reasonOf } from './describe-failure.ts'
import { attestTracked } from './tracked.ts'
import { failing } from './failing.ts'
import { switchResultOf } from './switch-result.ts'

/** Asks the servers of both sides which one is open: they know when the move does not. */
export async function lookAtSides(course: Course): Promise<SidesFound> {
  const { plan, hostKeys } = course.m
  if (plan.tracked !== undefined) return sidesAttested(course)
  return inZone(zoneOf(plan, 'target')).lookAtSides({ plan, hostKeys })
}

/** Of a tracked move people say which side serves; each time they are asked it is another task. */
async function sidesAttested(course: Course): Promise<SidesFound> {
  const asked = course.m.tasks.filter(({ id }) => id.includes('tracked-which-side-serves')).length
  const { figures } = await attestTracked(course, 'which-side-serves', `-${String(asked + 1)}`)
  return figures?.['serves'] === 'new'
    ? { old: 'closed', new: 'open', switched: { attested: true } }
    : { old: 'open', new: 'closed' }
}

/**
 * Has the servers bring the sides to exactly one that serves, its clients going on there, and records what came of it.
 * `after` is the failure that made it necessary. @throws where they cannot, with whom they wait for
 */
export async function settleSides(course: Course, after?: Said | string): Promise<Side> {
  const { plan, hostKeys } = course.m
  if (plan.tracked !== undefined) return settleTracked(course)
  try {
    const { serves, undone } = await onBothSides(zoneOf(plan, 'target')).settleSides({ plan, hostKeys })
    if (serves === 'new') noteSeen(course, await lookAtSides(course))
    const side = serves === 'new' ? 'new' : 'old'
    course.state.emit('settled', { serves: side, undone })
    return side
  } catch (error) {
    if (isCancellation(error)) throw error
    const found = await lookAtSides(course)
    // A new side that was given up and came back is left as it is by an abort: nothing is dropped, and nothing leads there.
    if (course.m.abortRequested !== undefined && found.new === 'stale' && servingSide(found) === 'old') {
      course.state.emit('settled', { serves: 'old', undone: false })
      return 'old'
    }
    if (servingSide(found) !== undefined) throw error
    throw sidesUnclear(course.m, found, after ?? reasonOf(describeFailure(error)))
  }
}

async function settleTracked(course: Course): Promise<Side> {
  const found = await sidesAttested(course)
  const serves = servingSide(found) === 'new' ? 'new' : 'old'
  if (serves === 'new') noteSeen(course, found)
  course.state.emit('settled', { serves, undone: false })
  return serves
}

/**
 * Gives a new side up that nobody hears of any more and that may have served: it counts as cut over, and is rolled back from
 * without it. Only where the old side cannot serve otherwise.
 */
export async function giveUpNewSide(course: Course): Promise<void> {
  const { settle } = course.m
  const found = await lookAtSides(course)
  if (found.new !== 'no-answer') {
    const newHosts = hostsNamedOf(course.m.plan, 'target')
    throw failing(said('new-side-answers', { new: found.new, newHosts }))
  }
  if (found.old !== 'closed') throw sidesUnclear(course.m, found)
  noteSeen(course, found)
  const reason = settle?.reason ?? ''
  const { instead } = settle ?? {}
  const asked = { reason, automatic: false, newSideGone: true, ...(instead && { instead }) } as const
  course.state.emit('rollback-requested', asked, settle?.by)
}

/**
 * Makes sure that a side may be given up, as a person has asked, and records who agreed to that, before anything of it goes. Undefined where it
 * holds nothing alone. @throws while two people have not agreed
 */
export async function agreeToGiveUp(
  course: Course,
  side: Side,
  giveUp: KeptDump,
): Promise<GivenUp | undefined> {
  // The tasks of those who agree are read in storage.
  await course.recorded()
  const { plan, hostKeys, migration } = course.m
  const asked = { plan, hostKeys, migration, side, giveUp }
  const agreed = await onBothSides(zoneOf(plan, 'target')).agreedToGiveUp(asked)
  if (agreed === null) return undefined
  course.state.emit('given-up', { side, ...agreed })
  return agreed
}

/** Drops the database of a new side that a person has asked to give up: the step goes on as with a new server. */
export async function dropNewSideIfGivenUp(course: Course): Promise<void> {
  const giveUp = course.m.settle?.giveUp
  if (giveUp === undefined) return
  const givenUp = await agreeToGiveUp(course, 'new', giveUp)
  const { plan, hostKeys } = course.m
  if (givenUp) await onBothSides(zoneOf(plan, 'target')).dropGivenUp({ plan, hostKeys, givenUp })
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
