import { InvalidInputError, type InputProblem } from '../domain/errors.ts'
import { MigrationPlan, playbookPurposes, type PlanInput, type PlaybookPurpose } from '../domain/plan.ts'
import { assertAsFrozen, type PlaybookRef } from '../domain/playbook-files.ts'
import { assertPolicyFloors, PolicyUnderFloorError } from '../domain/policy.ts'
import { NotStoredError } from '../storage/errors.ts'
import type { ApiContext } from './context.ts'

/**
 * The plan with its playbooks frozen by digest.
 * @throws PolicyUnderFloorError when the policy asks for less than the rules allow, with every other problem too
 * @throws InvalidInputError with every problem together
 */
export async function freezePlan(context: ApiContext, input: PlanInput): Promise<MigrationPlan> {
  const floors = policyProblems(input)
  const { frozen, problems } = await freezePlaybooks(context, input)
  const all = [...floors, ...(await systemProblems(context, input)), ...problems]
  if (floors.length > 0) throw new PolicyUnderFloorError('The plan', all)
  if (all.length > 0) throw new InvalidInputError('The plan', all)
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

async function systemProblems(context: ApiContext, input: PlanInput): Promise<InputProblem[]> {
  try {
    await context.systems.get(input.system)
    return []
  } catch (error) {
    if (!(error instanceof NotStoredError)) throw error
    return [{ path: 'system', message: `is "${input.system}", which is not in the ledger; import it first` }]
  }
}

async function freezePlaybooks(context: ApiContext, input: PlanInput) {
  const problems: InputProblem[] = []
  const frozen: Partial<Record<PlaybookPurpose, PlaybookRef>> = {}
  const known = await context.playbooks.names()
  for (const purpose of playbookPurposes) {
    const name = input.playbooks[purpose]
    const path = `playbooks.${purpose}`
    if (!known.includes(name)) {
      problems.push({ path, message: `is "${name}", but there is no such playbook` })
      continue
    }
    const found = await context.playbooks.read(name)
    frozen[purpose] = found.ref
    for (const problem of found.problems)
      problems.push({ path, message: `is "${name}", whose file "${problem.path}" ${problem.message}` })
  }
  return { frozen, problems }
}

/**
 * Whether the playbooks of a plan are still those it froze. A runner looks again, at its own copy, whenever it reads one.
 * @throws PlaybookChangedError UnknownPlaybookError
 */
export async function assertPlaybooksFrozen(context: ApiContext, plan: MigrationPlan): Promise<void> {
  for (const frozen of Object.values(plan.playbooks))
    assertAsFrozen(frozen, await context.playbooks.read(frozen.name))
}
