import type { RunRequest } from '../domain/playbook-run.ts'
import type { Runner } from '../runner/playbook-run.ts'
import { playbookJsonSchema } from '../runner/playbook/json-schema.ts'
import { lintPlaybook } from '../runner/playbook/lint.ts'
import type { PlaybookDeskAnswer, PlaybookDeskInput } from '../workflows/playbook-desk/messages.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'

/** Questions about playbooks, and runs outside a move. */
export function createDeskActivities({ runner }: { readonly runner: Runner }) {
  return explained({
    async answer(input: PlaybookDeskInput): Promise<PlaybookDeskAnswer> {
      switch (input.ask) {
        case 'schema':
          return { ask: 'schema', schema: playbookJsonSchema() }
        case 'lint': {
          const { problems } = lintPlaybook(input.text, { files: input.files })
          return { ask: 'lint', problems: [...problems] }
        }
        case 'plan':
        case 'run':
          return withHeartbeat(2_000, (signal) => answerOccasion(runner, input, signal))
      }
    },
  })
}

async function answerOccasion(
  runner: Runner,
  input: Extract<PlaybookDeskInput, { ask: 'plan' | 'run' }>,
  signal: AbortSignal,
): Promise<PlaybookDeskAnswer> {
  const { runId, plan, hosts, databases, hostKeys, inputs, playbook, insteadOf = '' } = input
  const request: RunRequest = {
    runId,
    migration: insteadOf,
    system: plan.system,
    playbook,
    plan,
    hosts,
    databases,
    hostKeys,
    inputs: { ...plan.inputs, ...inputs },
    skip: [],
    confirmed: [],
  }
  if (input.ask === 'plan') return { ask: 'plan', steps: await runner.plan(request, { signal }) }
  const groups = await runner.describe(request)
  const outcome = await runner.runSteps(
    request,
    groups.filter((g) => g.person === undefined).flatMap((g) => g.steps),
    { signal },
  )
  return { ask: 'run', results: { ...outcome } }
}
