import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { moveView, zonesWithoutRunner } from '../views/move.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const showMigration = handle(routes.showMigration, async ({ params, account }, context) => {
  const m = await visibleMove(context, account, params.system)
  const system = await context.stores.systems.get(m.plan.system)
  const end = await context.moves.watch.knownEnd(m)
  const withoutRunner = await zonesWithoutRunner(context, { m, end })
  return moveView(context, { m, end, withoutRunner }, system.name, Date.now())
})
