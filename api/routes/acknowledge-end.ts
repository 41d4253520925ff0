import { acknowledgeEnd as acknowledge } from '../use-cases/acknowledge-end.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const acknowledgeEnd = handle(routes.acknowledgeEnd, async (asked, context) => {
  const { params, body, account, actor, requestId } = asked
  const m = await visibleMove(context, account, params.system)
  const { sequence, serves } = await acknowledge(context, m, actor, body)
  return { requestId, migration: m.migration, sequence, projected: true, serves }
})
