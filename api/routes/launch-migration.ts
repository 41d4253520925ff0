import { routes } from '../contract.ts'
import { assertMayMove, assertPlaybooksFrozen } from '../use-cases/freeze-plan.ts'
import { handle } from '../http/handler.ts'
import { launch } from '../use-cases/launch.ts'
import { isProjected } from '../use-cases/projection.ts'
import { assertTakesPart, visiblePlan } from '../use-cases/visibility.ts'

export const launchMigration = handle(routes.launchMigration, async ({ body, actor, requestId }, context) => {
  const plan = await visiblePlan(context, actor, body.plan)
  assertTakesPart(actor, plan.content.organisations)
  await assertMayMove(context, plan.content)
  await assertPlaybooksFrozen(context, plan.content)
  const migration = await launch(context, plan, actor, `${actor.account}/${requestId}`)
  return { migration, system: plan.content.system, projected: await isProjected(context, migration, 1) }
})
