import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { sees } from '../use-cases/visibility.ts'
import { NotStoredError } from '../../domain/ports/errors.ts'
import { playbookRunView } from '../use-cases/playbook-run.ts'

export const showPlaybookRun = handle(routes.showPlaybookRun, async ({ params, account }, context) => {
  const run = await context.stores.playbookRuns.get(params.run)
  if (!sees(account, run.request.plan.organisations)) throw new NotStoredError('playbook run', params.run)
  return playbookRunView(context, run)
})
