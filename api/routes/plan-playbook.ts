import { routes } from '../contract.ts'
import { handle } from '../handler.ts'
import { mutable } from '../move-view.ts'
import { askDesk } from '../playbook-desk.ts'
import { occasionOf } from '../playbook-occasion.ts'

export const planPlaybook = handle(routes.planPlaybook, async (asked, context) => {
  const occasion = await occasionOf(context, asked)
  const { steps } = await askDesk(context, { ask: 'plan', ...occasion }, occasion.runId)
  return { digest: occasion.playbook.digest, steps: mutable(steps) }
})
