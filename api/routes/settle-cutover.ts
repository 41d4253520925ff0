import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'
import { assertOpensAlone } from '../use-cases/opens-alone.ts'

export const settleCutover = moveCommand(
  routes.settleCutover,
  'settle-cutover',
  async ({ body }, move, context) => {
    if (body.newSideGone) await assertOpensAlone(context, move)
    return body
  },
)
