import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const decideCutover = moveCommand(routes.decideCutover, 'decide-cutover', ({ body }) => ({
  decision: body.decision,
  reason: body.reason,
}))
