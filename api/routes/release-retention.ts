import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const releaseRetention = moveCommand(routes.releaseRetention, 'release-retention', ({ body }) => ({
  statement: body.statement,
}))
