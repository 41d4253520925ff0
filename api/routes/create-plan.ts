import { routes } from '../contract.ts'
import { freezePlan } from '../freeze-plan.ts'
import { handle } from '../handler.ts'
import { planView } from '../plan-view.ts'
import { assertTakesPart } from '../visibility.ts'

export const createPlan = handle(routes.createPlan, async ({ body, actor }, context) => {
  const plan = await freezePlan(context, body)
  assertTakesPart(actor, plan.organisations)
  return planView(await context.plans.create(plan, actor, Date.now()))
})
