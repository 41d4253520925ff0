import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'
import { opensAlone } from '../use-cases/opens-alone.ts'

export const settleCutover = moveCommand(
  routes.settleCutover,
  'settle-cutover',
  async ({ body }, move, context) =>
    body.newSideGone ? { ...body, ...(await opensAlone(context, move)) } : body,
)
