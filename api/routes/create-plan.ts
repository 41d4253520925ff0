import { routes } from '../contract.ts'
import { HiddenError } from '../errors/access.ts'
import { freezePlan } from '../use-cases/freeze-plan.ts'
import { handle } from '../http/handler.ts'
import { planView } from '../views/plan.ts'
import { actsForSystem, assertTakesPart } from '../use-cases/visibility.ts'

export const createPlan = handle(routes.createPlan, async ({ body, account, actor }, context) => {
  if (!(await actsForSystem(context, account, body.system))) throw new HiddenError('system', body.system)
  const plan = await freezePlan(context, body)
  assertTakesPart(actor, plan.organisations)
  return planView(context, await context.stores.plans.create(plan, actor, Date.now()))
})
