import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { visibleAudit } from '../use-cases/audit-visibility.ts'
import { mutable } from '../views/move.ts'

export const listAudit = handle(routes.listAudit, async ({ account, query }, context) => {
  const { lines, through, more } = await visibleAudit(context, account, query)
  return { lines: mutable(lines), more, through, newest: await context.stores.audit.newest() }
})
