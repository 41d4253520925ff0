import type { MigrationPlanV1, PlanInputV1 } from '../../domain/plan/plan-v1.ts'
import type { PlanInputV2 } from '../../domain/plan/plan.ts'
import { samplePlanV1 } from './plan-v1.ts'
import { upgradePlan } from '../../domain/plan/upgrade.ts'

type Names = PlanInputV2['playbooks']

const namesOf = (playbooks: Readonly<Record<string, { readonly name: string }>>): Names =>
  Object.fromEntries(Object.entries(playbooks).map(([purpose, { name }]) => [purpose, name])) as Names

/** The sample plan as the coordination team hands it in: its playbooks by name. */
export function samplePlanInput(change: Partial<PlanInputV2> = {}): PlanInputV2 {
  const plan = upgradePlan(ofSystem(change.system ?? 'permit-desk'))
  return { ...plan, playbooks: namesOf(plan.playbooks), ...change }
}

/** The same plan as it was handed in before plans had a version. */
export function samplePlanInputV1(change: Partial<PlanInputV1> = {}): PlanInputV1 {
  const plan = ofSystem(change.system ?? 'permit-desk')
  return { ...plan, playbooks: namesOf(plan.playbooks), ...change }
}

/** Another system than the sample's has places of its own. */
function ofSystem(system: string): MigrationPlanV1 {
  const plan = samplePlanV1()
  if (system === plan.system) return plan
  const network = Array.from(system).reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 250, 1) + 1
  return JSON.parse(
    JSON.stringify(plan).replaceAll('127.0.0.', `127.0.${String(network)}.`),
  ) as MigrationPlanV1
}
