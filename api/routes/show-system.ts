import { routes } from '../contract.ts'
import { HiddenError } from '../errors/access.ts'
import { handle } from '../http/handler.ts'
import { systemViews } from '../views/system.ts'

export const showSystem = handle(routes.showSystem, async ({ params, account }, context) => {
  const found = (await systemViews(context, account)).find(({ system }) => system === params.system)
  if (found === undefined) throw new HiddenError('system', params.system)
  return found
})
