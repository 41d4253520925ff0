import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { systemViews } from '../views/system.ts'

export const listSystems = handle(routes.listSystems, async ({ account }, context) => ({
  systems: await systemViews(context, account),
}))
