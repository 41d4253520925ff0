import { routes } from '../contract.ts'
import { moveCommand } from '../move-command.ts'
import { assertOpensAlone } from '../opens-alone.ts'

export const rollBack = moveCommand(routes.rollBack, 'roll-back', async ({ body }, move, context) => {
  if (body.newSideGone) await assertOpensAlone(context, move)
  return body
})
