import { acknowledgeEnd as acknowledge } from '../acknowledge-end.ts'
import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { visibleMove } from '../visibility.ts'

export const acknowledgeEnd = handle(routes.acknowledgeEnd, async (asked, context) => {
  const { params, body, actor, requestId } = asked
  const m = await visibleMove(context, actor, params.system)
  const { sequence, serves } = await acknowledge(context, m, actor, body)
  return { requestId, migration: m.migration, sequence, projected: true, serves }
})
