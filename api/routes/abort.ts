import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const abort = moveCommand(routes.abort, 'abort', ({ body }) => ({ reason: body.reason }))
