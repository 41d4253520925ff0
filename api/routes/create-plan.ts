import { actsFor } from '../../domain/scope.ts'
import { routes } from '../contract.ts'
import { HiddenError } from '../errors/access.ts'
import { freezePlan } from '../use-cases/freeze-plan.ts'
import { handle } from '../http/handler.ts'
import { planView } from '../views/plan.ts'
import { assertTakesPart } from '../use-cases/visibility.ts'

export const createPlan = handle(routes.createPlan, async ({ body, account, actor }, context) => {
  const row = await context.stores.systems.ownerOf(body.system)
  // What is not in the ledger is answered as what is others', so that nobody learns what others have there.
  if (row === undefined || !actsFor(account.scope, row)) throw new HiddenError('system', body.system)
  const plan = await freezePlan(context, account, body)
  assertTakesPart(actor, plan.organisations)
  return planView(context, account, await context.stores.plans.create(plan, actor, Date.now()))
})
