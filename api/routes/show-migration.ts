import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { moveView } from '../move-view.ts'
import { visibleMove } from '../visibility.ts'

export const showMigration = handle(routes.showMigration, async ({ params, actor }, context) => {
  const move = await visibleMove(context, actor, params.system)
  const system = await context.systems.get(move.plan.system)
  return moveView(context, move, system.name, Date.now())
})
