import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { systemViews } from '../views/system.ts'

export const listSystems = handle(routes.listSystems, async ({ actor }, context) => ({
  systems: await systemViews(context, actor),
}))
