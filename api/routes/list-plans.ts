import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { planSummary } from '../views/plan.ts'
import { organisationSeenBy, sees } from '../use-cases/visibility.ts'

export const listPlans = handle(routes.listPlans, async ({ account }, context) => {
  const plans = await context.stores.plans.list(organisationSeenBy(account))
  return { plans: plans.filter(({ content }) => sees(account, content.organisations)).map(planSummary) }
})
