import { routes } from '../contract.ts'
import { moveCommand } from '../use-cases/move-command.ts'

export const amendReport = moveCommand(routes.amendReport, 'amend-report', ({ body }) => ({
  remark: body.remark,
}))
