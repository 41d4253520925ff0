import { routes } from '../contract.ts'
import { HiddenError } from '../errors.ts'
import { handle } from '../handler.ts'
import { systemViews } from '../system-views.ts'

export const showSystem = handle(routes.showSystem, async ({ params, actor }, context) => {
  const found = (await systemViews(context, actor)).find(({ system }) => system === params.system)
  if (found === undefined) throw new HiddenError('system', params.system)
  return found
})
