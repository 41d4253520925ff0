import { routes } from '../contract.ts'
import { taskCommand } from '../use-cases/move-command.ts'

export const rejectTask = taskCommand(routes.rejectTask, 'reject-task', ({ params, body }) => ({
  task: params.task,
  reason: body.reason,
}))
