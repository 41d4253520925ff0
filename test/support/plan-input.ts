import type { PlanInput } from '../../domain/plan/plan.ts'
import { samplePlan } from './plan.ts'

/** The sample plan as the coordination team hands it in: its playbooks by name. */
export function samplePlanInput(change: Partial<PlanInput> = {}): PlanInput {
  const plan = samplePlan()
  const names = Object.entries(plan.playbooks).map(([purpose, { name }]) => [purpose, name])
  return { ...plan, playbooks: Object.fromEntries(names) as PlanInput['playbooks'], ...change }
}
