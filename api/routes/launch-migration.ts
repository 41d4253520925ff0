import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { isProjected } from '../use-cases/projection.ts'
import { actionablePlan } from '../use-cases/visibility.ts'

export const launchMigration = handle(
  routes.launchMigration,
  async ({ body, actor, requestId, account }, context) => {
    const plan = await actionablePlan(context, account, body.plan)
    const migration = await context.moves.launcher.launch(plan, actor, `${actor.account}/${requestId}`)
    return { migration, system: plan.content.system, projected: await isProjected(context, migration, 1) }
  },
)
