import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'

export const showMe = handle(routes.me, async ({ account }, context) => {
  const { key, ...who } = account
  return {
    ...who,
    ...(key === undefined ? {} : { keyId: key.keyId }),
    ...(context.settings.temporalUiUrl === undefined
      ? {}
      : { temporalUiUrl: context.settings.temporalUiUrl }),
  }
})
