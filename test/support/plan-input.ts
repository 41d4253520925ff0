import type { PlanInputV1 } from '../../domain/plan/plan-v1.ts'
import type { PlanInputV2 } from '../../domain/plan/plan.ts'
import { samplePlanV1 } from './plan-v1.ts'
import { samplePlan } from './plan.ts'

type Names = PlanInputV2['playbooks']

const namesOf = (playbooks: Readonly<Record<string, { readonly name: string }>>): Names =>
  Object.fromEntries(Object.entries(playbooks).map(([purpose, { name }]) => [purpose, name])) as Names

/** The sample plan as the coordination team hands it in: its playbooks by name. */
export function samplePlanInput(change: Partial<PlanInputV2> = {}): PlanInputV2 {
  const plan = samplePlan()
  return { ...plan, playbooks: namesOf(plan.playbooks), ...change }
}

/** The same plan as it was handed in before plans had a version. */
export function samplePlanInputV1(change: Partial<PlanInputV1> = {}): PlanInputV1 {
  const plan = samplePlanV1()
  return { ...plan, playbooks: namesOf(plan.playbooks), ...change }
}
