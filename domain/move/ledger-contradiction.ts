import type { System } from '../ledger/system.ts'
import type { MigrationPlan } from '../plan/plan.ts'
import type { Said } from '../words/message.ts'
import { said } from '../words/said.ts'
import { isSwitched } from './switches.ts'
import type { Migration } from './migration.ts'
import type { Party } from '../organisation.ts'

/** What of the ledger a move rests on. */
export type LedgerFacts = Pick<System, 'classified' | 'mlpsLevel' | 'department'>

/** One cell of the ledger that no longer allows what the plan does: what the move rests on, and what the ledger has now. */
export interface LedgerContradiction {
  readonly cell: keyof LedgerFacts
  readonly planned: string
  readonly found: string
}

/**
 * What the ledger, as it is now, has against a move: as much as would keep a plan from being made anew, and a level higher than
 * the one the plan was made for. `planned` is the ledger as it was then, where that is known.
 */
export function contradictionsOf(
  { policy, organisations }: Pick<MigrationPlan, 'policy' | 'organisations'>,
  planned: LedgerFacts | undefined,
  { classified, mlpsLevel, department }: LedgerFacts,
): readonly LedgerContradiction[] {
  const plannedLevel = typeof planned?.mlpsLevel === 'number' ? planned.mlpsLevel : policy.maxMlpsLevel
  const highest = Math.min(policy.maxMlpsLevel, plannedLevel)
  const found: LedgerContradiction[] = []
  if (classified !== false) found.push({ cell: 'classified', planned: 'false', found: String(classified) })
  if (mlpsLevel === 'unknown' || mlpsLevel > highest)
    found.push({ cell: 'mlpsLevel', planned: String(highest), found: String(mlpsLevel) })
  if (department !== organisations.owner)
    found.push({ cell: 'department', planned: organisations.owner, found: department })
  return found
}

/** Whether two looks at the ledger found the same. */
export function areSame(one: readonly LedgerContradiction[], other: readonly LedgerContradiction[]): boolean {
  return (
    one.length === other.length &&
    one.every(({ cell, found }) => other.some((each) => each.cell === cell && each.found === found))
  )
}

/** Each in a sentence. */
export function contradictionsSaid(contradictions: readonly LedgerContradiction[]): readonly Said[] {
  return contradictions.map(({ cell, planned, found }) => said(`ledger-${cell}`, { planned, found }))
}

/**
 * Whether a contradiction holds the move: while the old side serves and no switch is being carried out, which ends within its
 * deadline and must not be left half way. After a cutover holding would only leave the way back unwatched.
 */
export function isHeldBy(m: Migration): boolean {
  return !isSwitched(m) && !(m.step?.id === 'switch-over' && m.step.failure === undefined)
}

/** Who is told: those who sign, and the coordination team. */
export function toldOfLedger({ policy }: Pick<MigrationPlan, 'policy'>): readonly Party[] {
  return [...new Set<Party>([...policy.parties, 'coordinator'])]
}
