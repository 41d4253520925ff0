import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'
import { assertOpensAlone } from '../use-cases/opens-alone.ts'

export const rollBack = moveCommand(routes.rollBack, 'roll-back', async ({ body }, move, context) => {
  if (body.newSideGone) await assertOpensAlone(context, move)
  return body
})
