import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { askDesk } from '../use-cases/playbook-desk.ts'
import { occasionOf } from '../use-cases/playbook-occasion.ts'
import { assertSameRun, playbookRunView, startPlaybookRun } from '../use-cases/playbook-run.ts'
import { requestOf } from '../../workflows/playbook-desk/messages.ts'

/** What is refused is refused at once, by the runner that knows the kinds; what runs is a run to come back to. */
export const runPlaybook = handle(routes.runPlaybook, async (asked, context) => {
  const occasion = await occasionOf(context, asked)
  const { runId } = occasion
  const request = requestOf(occasion)
  if ((await context.stores.playbookRuns.find(runId)) === undefined) {
    const { steps } = await askDesk(context, { ask: 'steps', ...occasion }, `steps/${runId}`)
    await context.stores.playbookRuns.begin({ request, by: asked.actor, steps }, Date.now())
  }
  // Of two at once the first was recorded: what is read now is what runs.
  const run = await context.stores.playbookRuns.get(runId)
  assertSameRun(run, request)
  if (run.ended === undefined) await startPlaybookRun(context, run)
  asked.reply.header('location', `/playbook-runs/${runId}`)
  return playbookRunView(context, run)
})
