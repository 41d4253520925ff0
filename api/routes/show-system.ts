import { routes } from '../contract.ts'
import { HiddenError } from '../errors/access.ts'
import { handle } from '../http/handler.ts'
import { systemViews } from '../views/system.ts'

export const showSystem = handle(routes.showSystem, async ({ params, actor }, context) => {
  const found = (await systemViews(context, actor)).find(({ system }) => system === params.system)
  if (found === undefined) throw new HiddenError('system', params.system)
  return found
})
