import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const pause = moveCommand(routes.pause, 'pause', ({ body }) => ({ reason: body.reason }))
