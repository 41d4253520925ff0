import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { planView } from '../plan-view.ts'
import { visiblePlan } from '../visibility.ts'

export const showPlan = handle(routes.showPlan, async ({ params, actor }, context) =>
  planView(await visiblePlan(context, actor, params.plan)),
)
