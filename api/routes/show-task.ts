import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { taskOf } from '../move-command.ts'
import { taskView } from '../task-view.ts'
import { visibleMove } from '../visibility.ts'

export const showTask = handle(routes.showTask, async ({ params, actor }, context) => {
  const move = await visibleMove(context, actor, params.migration)
  return taskView(move, taskOf(move, params.task), actor)
})
