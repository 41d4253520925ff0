import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const rearmWayBack = moveCommand(routes.rearmWayBack, 'rearm-way-back', ({ body }) => body)
