import type { Runner } from '../runner/playbook-run.ts'
import { playbookJsonSchema } from '../runner/playbook/json-schema.ts'
import { lintPlaybook } from '../runner/playbook/lint.ts'
import {
  requestOf,
  type PlaybookDeskAnswer,
  type PlaybookDeskInput,
} from '../workflows/playbook-desk/messages.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'

/** Questions about playbooks. */
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
        case 'steps':
          return withHeartbeat(2_000, (signal) => answerOccasion(runner, input, signal))
      }
    },
  })
}

async function answerOccasion(
  runner: Runner,
  input: Extract<PlaybookDeskInput, { ask: 'plan' | 'steps' }>,
  signal: AbortSignal,
): Promise<PlaybookDeskAnswer> {
  const request = requestOf(input)
  if (input.ask === 'plan') return { ask: 'plan', steps: await runner.plan(request, { signal }) }
  const groups = await runner.describe(request)
  const steps = groups.flatMap(({ steps: ids, host, person }) =>
    ids.map((step) => ({ step, ...(host === undefined ? {} : { host }), forPerson: person !== undefined })),
  )
  return { ask: 'steps', steps }
}
