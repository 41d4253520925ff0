import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { moveSummary, zonesWithoutRunner } from '../views/move.ts'
import { organisationSeenBy, sees } from '../use-cases/visibility.ts'

export const listMigrations = handle(routes.listMigrations, async ({ account }, context) => {
  const [moves, systems, ends] = await Promise.all([
    context.stores.migrations.list(organisationSeenBy(account)),
    context.stores.systems.list(),
    context.stores.workflowEnds.all(),
  ])
  const names = new Map(systems.map(({ system, name }) => [system, name]))
  const nowMs = Date.now()
  const seen = moves.filter(({ plan }) => sees(account, plan.organisations))
  return {
    migrations: await Promise.all(
      seen.map(async (m) => {
        const name = names.get(m.plan.system) ?? m.plan.system
        const end = ends.get(m.migration)
        const withoutRunner = await zonesWithoutRunner(context, { m, end })
        return moveSummary(context, { m, end, withoutRunner }, name, nowMs)
      }),
    ),
  }
})
