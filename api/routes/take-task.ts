import { routes } from '../contract.ts'
import { taskCommand } from '../move-command.ts'

export const takeTask = taskCommand(routes.takeTask, 'take-task', ({ params }) => ({ task: params.task }))
