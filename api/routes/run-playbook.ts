import { z } from 'zod'
import { routes } from '../contract.ts'
import { PlaybookFailedError } from '../errors.ts'
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
    detail: { playbook: playbook.name, digest: playbook.digest, plan: plan.plan, inputs },
  })
  const { results } = await askDesk(context, { ask: 'run', ...occasion }, runId)
  const failure = Failure.safeParse(results['failure']).data
  if (failure === undefined) return { runId, results }
  const { step, code, message } = failure
  throw new PlaybookFailedError(code, `Step "${step}" of "${playbook.name}" failed: ${message}`, {
    runId,
    step,
    done: results['done'],
  })
})

const Failure = z.object({ step: z.string(), code: z.string(), message: z.string() })
