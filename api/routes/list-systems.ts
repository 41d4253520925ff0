import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { systemViews } from '../system-views.ts'

export const listSystems = handle(routes.listSystems, async ({ actor }, context) => ({
  systems: await systemViews(context, actor),
}))
