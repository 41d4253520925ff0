import { routes } from '../contract.ts'
import { HiddenError } from '../errors/access.ts'
import { handle } from '../http/handler.ts'
import { systemViews } from '../views/system.ts'

/** Whether the caller's organisation is the one that answers for the secret shows where it is used: the server keeps no secrets. */
export const decideSecretAddress = handle(
  routes.decideSecretAddress,
  async ({ body, account, actor }, context) => {
    const systems = await systemViews(context, account)
    if (!systems.some(({ system }) => system === body.system)) throw new HiddenError('system', body.system)
    const decision = { ...body, organisation: account.organisation, by: actor, atMs: Date.now() }
    await context.stores.secretAddresses.decide(decision)
    return decision
  },
)
