import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { mutable } from '../views/move.ts'
import { systemViews } from '../views/system.ts'

export const listSecretAddresses = handle(routes.listSecretAddresses, async ({ account }, context) => {
  const [views, addresses] = await Promise.all([
    systemViews(context, account),
    context.stores.secretAddresses.list(),
  ])
  const seen = new Set(views.map(({ system }) => system))
  return { addresses: mutable(addresses.filter(({ system }) => seen.has(system))) }
})
