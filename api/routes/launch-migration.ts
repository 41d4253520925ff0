import { routes } from '../contract.ts'
import { InvalidInputError } from '../../domain/errors.ts'
import { PlacesTakenError } from '../../domain/ports/errors.ts'
import { PlacesOfOthersError } from '../errors/access.ts'
import { labProblems } from '../use-cases/freeze-plan.ts'
import { handle } from '../http/handler.ts'
import { isProjected } from '../use-cases/projection.ts'
import { actionablePlan, sees } from '../use-cases/visibility.ts'

export const launchMigration = handle(
  routes.launchMigration,
  async ({ body, actor, requestId, account }, context) => {
    const plan = await actionablePlan(context, account, body.plan)
    const problems = labProblems(context, plan.content)
    if (problems.length > 0) throw new InvalidInputError('The plan', problems)
    const migration = await context.moves.launcher
      .launch(plan, actor, `${actor.account}/${requestId}`)
      .catch((error: unknown) => {
        throw error instanceof PlacesTakenError && !sees(account, error.taker.content.organisations)
          ? new PlacesOfOthersError(error)
          : error
      })
    return { migration, system: plan.content.system, projected: await isProjected(context, migration, 1) }
  },
)
