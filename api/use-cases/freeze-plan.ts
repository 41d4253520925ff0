import { InvalidInputError, type InputProblem } from '../../domain/errors.ts'
import {
  MigrationPlan,
  playbookPurposes,
  type PlanInput,
  type PlaybookPurpose,
} from '../../domain/plan/plan.ts'
import { planProblems, planSizeProblems, purposeProblems } from '../../domain/plan/rules.ts'
import { assertAsFrozen, type PlaybookFolder, type PlaybookRef } from '../../domain/playbook/files.ts'
import { assertPolicyFloors, PolicyUnderFloorError } from '../../domain/plan/policy.ts'
import { NotStoredError } from '../../storage/errors.ts'
import type { ApiContext } from '../context.ts'
import { declaredIn } from './playbook-text.ts'

/**
 * The plan with its playbooks frozen by digest.
 * @throws PolicyUnderFloorError when the policy asks for less than the rules allow, with every other problem too
 * @throws InvalidInputError with every problem together
 */
export async function freezePlan(context: ApiContext, input: PlanInput): Promise<MigrationPlan> {
  const floors = policyProblems(input)
  const { frozen, folders, problems } = await freezePlaybooks(context, input)
  const all = [...floors, ...planSizeProblems(input), ...(await systemProblems(context, input)), ...problems]
  if (floors.length > 0) throw new PolicyUnderFloorError('The plan', all)
  if (all.length > 0) throw new InvalidInputError('The plan', all)
  await context.frozenPlaybooks.keep(folders)
  return MigrationPlan.parse({ ...input, playbooks: frozen })
}

function policyProblems(input: PlanInput): InputProblem[] {
  try {
    assertPolicyFloors(input.policy)
    return []
  } catch (error) {
    if (!(error instanceof PolicyUnderFloorError)) throw error
    return error.problems.map(({ path, message }) => ({ path: `policy.${path}`, message }))
  }
}

/**
 * Whether the system, as the ledger has it now, may still move by this plan.
 * @throws InvalidInputError
 */
export async function assertMayMove(context: ApiContext, plan: MigrationPlan): Promise<void> {
  const problems = await systemProblems(context, plan)
  if (problems.length > 0) throw new InvalidInputError('The plan', problems)
}

async function systemProblems(
  context: ApiContext,
  plan: Pick<MigrationPlan, 'system' | 'application' | 'organisations' | 'policy' | 'hosts' | 'databases'>,
): Promise<readonly InputProblem[]> {
  try {
    return planProblems(plan, await context.systems.get(plan.system))
  } catch (error) {
    if (!(error instanceof NotStoredError)) throw error
    return [{ path: 'system', message: `is "${plan.system}", which is not in the ledger; import it first` }]
  }
}

async function freezePlaybooks(context: ApiContext, input: PlanInput) {
  const problems: InputProblem[] = []
  const frozen: Partial<Record<PlaybookPurpose, PlaybookRef>> = {}
  const folders: PlaybookFolder[] = []
  const known = await context.playbooks.names()
  for (const purpose of playbookPurposes) {
    const name = input.playbooks[purpose]
    if (name === undefined) continue
    const path = `playbooks.${purpose}`
    if (!known.includes(name)) {
      problems.push({ path, message: `is "${name}", but there is no such playbook` })
      continue
    }
    const found = await context.playbooks.read(name)
    frozen[purpose] = found.ref
    folders.push(found)
    for (const problem of found.problems)
      problems.push({ path, message: `is "${name}", whose file "${problem.path}" ${problem.message}` })
    if (found.problems.length === 0)
      problems.push(...purposeProblems(purpose, { name, playbook: declaredIn(found) }))
  }
  return { frozen, folders, problems }
}

/**
 * Whether the playbooks of a plan are still those it froze. What is launched is what is shipped; from then on the
 * files that were frozen are run.
 * @throws PlaybookChangedError UnknownPlaybookError
 */
export async function assertPlaybooksFrozen(context: ApiContext, plan: MigrationPlan): Promise<void> {
  for (const frozen of Object.values(plan.playbooks))
    assertAsFrozen(frozen, await context.playbooks.read(frozen.name))
}
