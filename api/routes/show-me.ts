import { routes } from '../contract.ts'
import { mutable } from '../views/move.ts'
import { handle } from '../http/handler.ts'

export const showMe = handle(routes.me, async ({ account }, context) => {
  const { key, scope, ...who } = account
  return {
    ...who,
    ...(who.role === 'coordinator' ? { scope: mutable(scope) } : {}),
    ...(key === undefined ? {} : { keyId: key.keyId }),
    ...(context.settings.temporalUiUrl === undefined
      ? {}
      : { temporalUiUrl: context.settings.temporalUiUrl }),
  }
})
