import type { Command, Refusal } from '../command.ts'
import { refuse } from '../command.ts'
import { dumpRefusal, mayGiveUpNewSide } from '../giving-up.ts'
import type { Migration } from '../migration.ts'
import { lookAtSidesStep, switchOverStep } from '../settlement.ts'
import { isSwitched } from '../switches.ts'

/** Steps that stop where it is not known which side serves, or where its clients wait. */
const settled: ReadonlySet<string> = new Set([switchOverStep, lookAtSidesStep])

/** Whether what blocks a move can be settled. */
const canSettle = (m: Migration): boolean =>
  m.step?.failure !== undefined && settled.has(m.step.id) && !isSwitched(m)

/** Why the sides of a move are not settled. */
export function settleRefusal(
  m: Migration,
  { giveUp, newSideGone }: Extract<Command, { name: 'settle-cutover' }>,
): Refusal | undefined {
  if (giveUp) {
    if (newSideGone || !mayGiveUpNewSide(m)) return refuse('nothing-to-give-up', { step: m.step?.id })
    return dumpRefusal(m, giveUp)
  }
  return canSettle(m) ? undefined : refuse('nothing-to-settle', { step: m.step?.id })
}
