import { isOver } from '../../domain/move/phase.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { taskView } from '../views/task.ts'
import { organisationSeenBy, sees } from '../use-cases/visibility.ts'

export const listTasks = handle(routes.listTasks, async ({ query, account, actor }, context) => {
  const found = await context.stores.migrations.list(organisationSeenBy(account))
  const moves = found.filter(({ plan }) => sees(account, plan.organisations))
  const views = moves.flatMap((move) =>
    move.tasks.map((task) => ({ move, view: taskView(move, task, actor) })),
  )
  if (query.all !== 'false') return { tasks: views.map(({ view }) => view) }
  const open = views.filter(({ move, view }) => view.mine && !isOver(move))
  return { tasks: open.map(({ view }) => view) }
})
