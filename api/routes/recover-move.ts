import { recoverMove as recover } from '../use-cases/recover-move.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { isProjected } from '../use-cases/projection.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const recoverMove = handle(routes.recoverMove, async (asked, context) => {
  const { params, body, account, actor, requestId } = asked
  const m = await visibleMove(context, account, params.system)
  const { sequence } = await recover(context, m, actor, body)
  const projected = await isProjected(context, m.migration, sequence)
  return { requestId, migration: m.migration, sequence, projected }
})
