import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { planSummary } from '../plan-view.ts'
import { organisationSeenBy } from '../visibility.ts'

export const listPlans = handle(routes.listPlans, async ({ actor }, context) => {
  const plans = await context.plans.list(organisationSeenBy(actor))
  return { plans: plans.map(planSummary) }
})
