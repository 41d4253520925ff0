import { routes } from '../contract.ts'
import { freezePlan } from '../use-cases/freeze-plan.ts'
import { handle } from '../http/handler.ts'
import { planView } from '../views/plan.ts'
import { assertTakesPart } from '../use-cases/visibility.ts'

export const createPlan = handle(routes.createPlan, async ({ body, actor }, context) => {
  const plan = await freezePlan(context, body)
  assertTakesPart(actor, plan.organisations)
  return planView(context, await context.stores.plans.create(plan, actor, Date.now()))
})
