import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const resume = moveCommand(routes.resume, 'resume', ({ body }) => ({ note: body.note }))
