import { routes } from '../contract.ts'
import { taskCommand } from '../use-cases/move-command.ts'

export const acceptTask = taskCommand(routes.acceptTask, 'accept-task', ({ params }) => ({
  task: params.task,
}))
