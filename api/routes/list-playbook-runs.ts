import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { playbookRunSummary } from '../use-cases/playbook-run.ts'

export const listPlaybookRuns = handle(routes.listPlaybookRuns, async ({ query: { limit } }, context) => {
  const found = await context.stores.playbookRuns.newest(limit + 1)
  const runs = await Promise.all(found.slice(0, limit).map((run) => playbookRunSummary(context, run)))
  return { runs, more: found.length > limit }
})
