import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { organisationSeenBy, sees } from '../use-cases/visibility.ts'
import { playbookRunSummary } from '../use-cases/playbook-run.ts'

export const listPlaybookRuns = handle(
  routes.listPlaybookRuns,
  async ({ query: { limit }, account }, context) => {
    const found = await context.stores.playbookRuns.newest(limit + 1, organisationSeenBy(account))
    const seen = found.slice(0, limit).filter(({ request }) => sees(account, request.plan.organisations))
    const runs = await Promise.all(seen.map((run) => playbookRunSummary(context, run)))
    return { runs, more: found.length > limit }
  },
)
