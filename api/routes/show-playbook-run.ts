import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { playbookRunView } from '../use-cases/playbook-run.ts'

export const showPlaybookRun = handle(routes.showPlaybookRun, async ({ params }, context) =>
  playbookRunView(context, await context.stores.playbookRuns.get(params.run)),
)
