import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { askDesk } from '../playbook-desk.ts'
import { occasionOf } from '../playbook-occasion.ts'

export const runPlaybook = handle(routes.runPlaybook, async (asked, context) => {
  const occasion = await occasionOf(context, asked)
  const { runId, playbook, plan, inputs } = occasion
  await context.audit.append({
    atMs: Date.now(),
    kind: 'playbook-run',
    actor: asked.actor,
    subject: runId,
    detail: { playbook, plan: plan.plan, inputs },
  })
  const { results } = await askDesk(context, { ask: 'run', ...occasion }, runId)
  return { runId, results }
})
