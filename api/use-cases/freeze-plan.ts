import { InvalidInputError, type InputProblem, problemAt } from '../../domain/errors.ts'
import { addressesOf } from '../../domain/plan/plan-addresses.ts'
import { said } from '../../domain/words/said.ts'
import { fillDatasets, readDatasets } from '../../domain/plan/dataset-rules.ts'
import { playbookPurposes, type PlaybookPurpose } from '../../domain/plan/plan-head.ts'
import { GivenPlan, type MigrationPlan, type PlanInput } from '../../domain/plan/plan.ts'
import { peopleProblems } from '../../domain/plan/people-rules.ts'
import { planSizeProblems, purposeProblems } from '../../domain/plan/rules.ts'
import type { TrackedStep } from '../../domain/plan/tracked.ts'
import { attestingProblems, type PersonOf, trackedSteps } from '../../domain/plan/tracked-rules.ts'
import { pathAsGiven, upgradePlan } from '../../domain/plan/upgrade.ts'
import type { StepDoes } from '../../domain/playbook/does.ts'
import type { PlaybookFolder, PlaybookRef } from '../../domain/playbook/files.ts'
import { familiesInPlans } from '../../families/index.ts'
import { assertPolicyFloors, PolicyUnderFloorError } from '../../domain/plan/policy.ts'
import { systemProblems } from '../../moves/may-move.ts'
import { playbookIn } from '../../runner/language/parse.ts'
import { stepKinds } from '../../runner/steps/index.ts'
import type { ApiContext, WithStores } from '../context.ts'
import { placeProblems } from './shared-places.ts'
import type { Viewer } from './visibility.ts'

type FreezingContext = WithStores<'systems' | 'frozenPlaybooks' | 'launches' | 'accounts'> &
  Pick<ApiContext, 'playbooks' | 'settings' | 'ownPlaces'>

/**
 * The plan with its playbooks frozen by digest, in the version it was handed in.
 * @throws PolicyUnderFloorError when the policy asks for less than the rules allow, with every other problem too
 * @throws InvalidInputError with every problem together
 */
export async function freezePlan(
  context: FreezingContext,
  viewer: Viewer,
  input: PlanInput,
): Promise<GivenPlan> {
  const floors = policyProblems(input)
  const { frozen, folders, problems, steps } = await freezePlaybooks(context, input)
  // Nothing below looks at the playbooks, of which one may be missing yet.
  const given = { ...input, playbooks: frozen, ...trackedOf(input, steps) } as GivenPlan
  const plan = upgradePlan(given)
  const read = readDatasets(plan, familiesInPlans)
  const deploy = folders.find(({ ref }) => ref.name === input.playbooks.deploy)
  // What a place is filled with has been read well.
  const filled =
    read.problems.length > 0 || deploy === undefined
      ? { datasets: read.datasets, problems: [] }
      : fillDatasets(read.datasets, familiesInPlans, deploy.files)
  const found = [
    ...read.problems,
    ...filled.problems,
    ...(await systemProblems(context.stores.systems, { ...plan, datasets: read.datasets })),
    ...(await placeProblems(context, viewer, plan)),
    ...(await ownPlaceProblems(context, plan)),
    ...labProblems(context, plan),
  ]
  const nobody = peopleProblems(
    plan,
    await context.stores.accounts.ofOrganisations(Object.values(plan.organisations)),
  )
  // Of an organisation that is not the ledger's nobody needs an account.
  const missing = nobody.filter(({ path }) => !found.some((problem) => problem.path === path))
  const all = [
    ...floors,
    ...planSizeProblems(input),
    ...[...found, ...missing].map(({ path, said: problem }) => problemAt(pathAsGiven(path, given), problem)),
    ...problems,
  ]
  if (floors.length > 0) throw new PolicyUnderFloorError('The plan', all)
  if (all.length > 0) throw new InvalidInputError('The plan', all)
  await context.stores.frozenPlaybooks.keep(folders)
  if (given.version !== 2) return GivenPlan.parse(given)
  const { acceptableDowntimeHours: hours } = await context.stores.systems.get(plan.system)
  const ledger = hours === undefined ? {} : { ledger: { acceptableDowntimeHours: hours } }
  return GivenPlan.parse({ ...given, datasets: filled.datasets, ...ledger })
}

/** What of a plan's places is the product's own. */
async function ownPlaceProblems(
  { ownPlaces }: Pick<ApiContext, 'ownPlaces'>,
  plan: MigrationPlan,
): Promise<readonly InputProblem[]> {
  const looked = await Promise.all(
    addressesOf(plan).map(async ({ path, address }) => ({
      path,
      address,
      what: await ownPlaces?.find(address),
    })),
  )
  return looked.flatMap(({ path, address, what }) =>
    what === undefined ? [] : [problemAt(path, said('own-place', { place: address, what }))],
  )
}

/** A server is a lab or it is not; a plan cannot make it one. */
export function labProblems(
  { settings }: { readonly settings: Pick<ApiContext['settings'], 'isLab'> },
  { policy }: Pick<MigrationPlan, 'policy'>,
): readonly InputProblem[] {
  return policy.profile === 'lab' && !settings.isLab ? [problemAt('policy.profile', said('no-lab'))] : []
}

function policyProblems(input: PlanInput): InputProblem[] {
  try {
    assertPolicyFloors(input.policy)
    return []
  } catch (error) {
    if (!(error instanceof PolicyUnderFloorError)) throw error
    return error.problems.map(({ path, said: problem }) => problemAt(`policy.${path}`, problem))
  }
}

const doneBy = (kind: string): StepDoes | undefined => stepKinds.get(kind)?.does

/** With the tasks of its playbooks, a tracked plan is all that its move is carried by. */
const trackedOf = (input: PlanInput, steps: Readonly<Record<string, readonly TrackedStep[]>>) =>
  input.version === 2 && input.tracked !== undefined ? { tracked: { ...input.tracked, steps } } : {}

/** The task of a step, where the step is a person's and its parameters are right. */
const personOf: PersonOf = ({ kind, with: params }) => {
  const known = stepKinds.get(kind)
  const read = known?.person === undefined ? undefined : known.params.safeParse(params)
  return read?.success === true ? known?.person?.(read.data) : undefined
}

async function freezePlaybooks(context: Pick<ApiContext, 'playbooks'>, input: PlanInput) {
  const problems: InputProblem[] = []
  const frozen: Partial<Record<PlaybookPurpose, PlaybookRef>> = {}
  const folders: PlaybookFolder[] = []
  const steps: Partial<Record<PlaybookPurpose, readonly TrackedStep[]>> = {}
  const isTracked = input.version === 2 && input.tracked !== undefined
  const known = await context.playbooks.names()
  for (const purpose of playbookPurposes) {
    const name = input.playbooks[purpose]
    if (name === undefined) continue
    const path = `playbooks.${purpose}`
    if (!known.includes(name)) {
      problems.push(problemAt(path, said('plan-playbook-unknown', { playbook: name })))
      continue
    }
    const found = await context.playbooks.read(name)
    frozen[purpose] = found.ref
    folders.push(found)
    for (const { path: file, said: problem } of found.problems)
      problems.push(problemAt(path, said('plan-playbook-file', { playbook: name, file, problem })))
    if (found.problems.length > 0) continue
    const playbook = playbookIn(found)
    if (isTracked && playbook !== undefined) {
      const tracked = trackedSteps(purpose, playbook, personOf)
      steps[purpose] = tracked.steps
      problems.push(...tracked.problems)
      continue
    }
    problems.push(...purposeProblems(purpose, { name, playbook }, doneBy))
    if (playbook !== undefined) problems.push(...attestingProblems(purpose, playbook, personOf))
  }
  return { frozen, folders, problems, steps }
}
