import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { planView } from '../views/plan.ts'
import { visiblePlan } from '../use-cases/visibility.ts'

export const showPlan = handle(routes.showPlan, async ({ params, account }, context) =>
  planView(context, account, await visiblePlan(context, account, params.plan)),
)
