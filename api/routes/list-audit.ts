import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { mutable } from '../views/move.ts'

export const listAudit = handle(routes.listAudit, async ({ query }, context) => {
  const lines = await context.stores.audit.list(query.after, query.limit + 1)
  const newest = await context.stores.audit.newest()
  return { lines: mutable(lines.slice(0, query.limit)), more: lines.length > query.limit, newest }
})
