import { InvalidInputError, type InputProblem, problemAt } from '../domain/errors.ts'
import {
  contradictionsOf,
  contradictionsSaid,
  type LedgerFacts,
} from '../domain/move/ledger-contradiction.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { planProblems } from '../domain/plan/rules.ts'
import { assertAsFrozen, type PlaybookFolder } from '../domain/playbook/files.ts'
import { said } from '../domain/words/said.ts'
import { NotStoredError } from '../domain/ports/errors.ts'
import type { SystemsPort } from '../domain/ports/systems.ts'
import { familiesInPlans } from '../families/index.ts'

/** The playbooks as they are shipped. */
export interface PlaybookReader {
  /** @throws UnknownPlaybookError */
  read(name: string): Promise<PlaybookFolder>
}

/** What the ledger, as it is now, has against a plan of this system. */
export async function systemProblems(
  systems: SystemsPort,
  plan: Parameters<typeof planProblems>[0] & Pick<MigrationPlan, 'system'>,
): Promise<readonly InputProblem[]> {
  try {
    return planProblems(plan, await systems.get(plan.system), familiesInPlans)
  } catch (error) {
    if (!(error instanceof NotStoredError)) throw error
    return [problemAt('system', said('plan-system-not-in-ledger', { system: plan.system }))]
  }
}

/**
 * Whether the ledger still says what it said when the plan was made, as far as the move rests on it.
 * @throws InvalidInputError
 */
export async function assertAsPlanned(
  { systems, plans }: { readonly systems: SystemsPort; readonly plans: PlanLedger },
  plan: MigrationPlan,
): Promise<void> {
  const found = contradictionsOf(plan, await plans.ledgerOf(plan.plan), await systems.get(plan.system))
  if (found.length === 0) return
  const values = { system: plan.system, contradictions: contradictionsSaid(found) }
  throw new InvalidInputError('The plan', [problemAt('system', said('plan-ledger-changed', values))])
}

/** The ledger as it was when a plan was made; undefined where that is not known. */
export interface PlanLedger {
  ledgerOf(plan: string): Promise<LedgerFacts | undefined>
}

/**
 * Whether the system, as the ledger has it now, may still move by this plan.
 * @throws InvalidInputError
 */
export async function assertMayMove(systems: SystemsPort, plan: MigrationPlan): Promise<void> {
  const problems = await systemProblems(systems, plan)
  if (problems.length > 0) throw new InvalidInputError('The plan', problems)
}

/**
 * Whether the playbooks of a plan are still those it froze. What is launched is what is shipped; from then on the
 * files that were frozen are run.
 * @throws PlaybookChangedError UnknownPlaybookError
 */
export async function assertPlaybooksFrozen(playbooks: PlaybookReader, plan: MigrationPlan): Promise<void> {
  for (const frozen of Object.values(plan.playbooks))
    assertAsFrozen(frozen, await playbooks.read(frozen.name))
}
