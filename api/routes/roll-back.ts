import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'
import { opensAlone } from '../use-cases/opens-alone.ts'

export const rollBack = moveCommand(routes.rollBack, 'roll-back', async ({ body }, move, context) =>
  body.newSideGone ? { ...body, ...(await opensAlone(context, move)) } : body,
)
