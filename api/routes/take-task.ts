import { routes } from '../contract.ts'
import { taskCommand } from '../use-cases/move-command.ts'

export const takeTask = taskCommand(routes.takeTask, 'take-task', ({ params, body }) => ({
  task: params.task,
  ...(body?.reason === undefined ? {} : { reason: body.reason }),
}))
