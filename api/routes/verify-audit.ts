import { verifyAudit as verify } from '../../storage/audit-verification/verify.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { mutable } from '../views/move.ts'

export const verifyAudit = handle(routes.verifyAudit, async (_asked, context) =>
  mutable(await verify(context.pool)),
)
