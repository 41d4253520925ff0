import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { taskOf } from '../use-cases/move-command.ts'
import { taskView } from '../views/task.ts'
import { visibleMove } from '../use-cases/visibility.ts'

export const showTask = handle(routes.showTask, async ({ params, actor, account }, context) => {
  const move = await visibleMove(context, account, params.migration)
  return taskView(move, taskOf(move, params.task), actor)
})
