import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { moveSummary } from '../move-view.ts'
import { organisationSeenBy } from '../visibility.ts'

export const listMigrations = handle(routes.listMigrations, async ({ actor }, context) => {
  const [moves, systems] = await Promise.all([
    context.migrations.list(organisationSeenBy(actor)),
    context.systems.list(),
  ])
  const names = new Map(systems.map(({ system, name }) => [system, name]))
  const nowMs = Date.now()
  return {
    migrations: moves.map((m) => moveSummary(context, m, names.get(m.plan.system) ?? m.plan.system, nowMs)),
  }
})
