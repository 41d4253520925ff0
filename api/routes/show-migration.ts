import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { moveView } from '../move-view.ts'
import { endKnownOf } from '../move-watch.ts'
import { visibleMove } from '../visibility.ts'

export const showMigration = handle(routes.showMigration, async ({ params, actor }, context) => {
  const m = await visibleMove(context, actor, params.system)
  const system = await context.systems.get(m.plan.system)
  const end = await endKnownOf(context, m)
  return moveView(context, { m, end }, system.name, Date.now())
})
