import { settlementOf } from '../../domain/move/settlement.ts'
import { recoverRefusal, recoveryOf } from '../../domain/move/recovery.ts'
import { servingSide } from '../../domain/move/workflow-end.ts'
import { routes } from '../contract.ts'
import { mutable } from '../views/move.ts'
import { handle } from '../http/handler.ts'
import { lookAtSides } from '../use-cases/look-at-sides.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const showSides = handle(routes.showSides, async ({ params, account }, context) => {
  const move = await visibleMove(context, account, params.system)
  const { old, new: newSide } = await lookAtSides(context, move)
  const found = { old, new: newSide }
  const serves = servingSide(found)
  const end = move.endedOutside?.end ?? (await context.moves.watch.knownEnd(move))
  const ended = end && recoverRefusal(move) === undefined ? { ...move, endedOutside: { end } } : undefined
  return {
    migration: move.migration,
    ...found,
    ...(serves === 'old' || serves === 'new' ? { serves } : {}),
    settling: settlementOf(found, false),
    settlingWithoutNewSide: settlementOf(found, true),
    ...(ended && { recovering: recoveryOf(ended, found).map((each) => mutable(each)) }),
  }
})
