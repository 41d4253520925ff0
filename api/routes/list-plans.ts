import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { planSummary } from '../views/plan.ts'
import { organisationSeenBy } from '../use-cases/visibility.ts'

export const listPlans = handle(routes.listPlans, async ({ actor }, context) => {
  const plans = await context.stores.plans.list(organisationSeenBy(actor))
  return { plans: plans.map(planSummary) }
})
