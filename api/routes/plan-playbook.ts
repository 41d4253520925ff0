import type { PlannedStep } from '../../domain/playbook/planned-step.ts'
import { routes } from '../contract.ts'
import { handle } from '../http/handler.ts'
import { mutable } from '../views/move.ts'
import { askDesk } from '../use-cases/playbook-desk.ts'
import { occasionOf } from '../use-cases/playbook-occasion.ts'

export const planPlaybook = handle(routes.planPlaybook, async (asked, context) => {
  const occasion = await occasionOf(context, asked)
  const answer = await askDesk(context, { ask: 'plan', ...occasion }, occasion.runId)
  const steps =
    answer.stepsDigest === undefined
      ? answer.steps
      : (JSON.parse(await context.stores.facts.text(answer.stepsDigest)) as PlannedStep[])
  return { digest: occasion.playbook.digest, steps: mutable(steps) }
})
