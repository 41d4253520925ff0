import { routes } from '../contract.ts'
import { assertMayMove, assertPlaybooksFrozen } from '../freeze-plan.ts'
import { handle } from '../handler.ts'
import { launch } from '../launch.ts'
import { isProjected } from '../projection.ts'
import { assertTakesPart, visiblePlan } from '../visibility.ts'

export const launchMigration = handle(routes.launchMigration, async ({ body, actor, requestId }, context) => {
  const plan = await visiblePlan(context, actor, body.plan)
  assertTakesPart(actor, plan.content.organisations)
  await assertMayMove(context, plan.content)
  await assertPlaybooksFrozen(context, plan.content)
  const migration = await launch(context, plan, actor, `${actor.account}/${requestId}`)
  return { migration, system: plan.content.system, projected: await isProjected(context, migration, 1) }
})
