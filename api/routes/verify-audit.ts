import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'

export const verifyAudit = handle(routes.verifyAudit, async (_asked, context) =>
  context.stores.audit.verifyChain(),
)
