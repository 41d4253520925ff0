import { routes } from '../contract.ts'
import { moveCommand } from '../move-command.ts'

export const rollBack = moveCommand(routes.rollBack, 'roll-back', ({ body }) => ({ reason: body.reason }))
