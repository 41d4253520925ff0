import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const hold = moveCommand(routes.hold, 'hold', ({ body }) => ({ reason: body.reason }))
