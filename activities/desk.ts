import type { PlannedStep } from '../domain/playbook/planned-step.ts'
import type { Runner } from '../runner/runner.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import {
  requestOf,
  type PlaybookDeskAnswer,
  type PlaybookDeskInput,
} from '../workflows/playbook-desk/messages.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'

export interface DeskDeps {
  readonly runner: Runner
  readonly facts: FactsPort
}

/** Questions about playbooks that only their hosts answer. */
export function createDeskActivities({ runner, facts }: DeskDeps) {
  return explained({
    async answer(input: PlaybookDeskInput): Promise<PlaybookDeskAnswer> {
      return withHeartbeat(2_000, (signal) => answerOccasion({ runner, facts }, input, signal))
    },
  })
}

async function answerOccasion(
  { runner, facts }: DeskDeps,
  input: PlaybookDeskInput,
  signal: AbortSignal,
): Promise<PlaybookDeskAnswer> {
  const request = requestOf(input)
  if (input.ask === 'plan') return plannedAnswer(await runner.plan(request, { signal }), facts)
  const groups = await runner.describe(request)
  const steps = groups.flatMap(({ steps: ids, host, person }) =>
    ids.map((step) => ({ step, ...(host === undefined ? {} : { host }), forPerson: person !== undefined })),
  )
  return { ask: 'steps', steps }
}

/** Files may be shown whole in it; what Temporal would warn of goes by storage. */
const travelsBytes = 512 * 1024

async function plannedAnswer(steps: readonly PlannedStep[], facts: FactsPort): Promise<PlaybookDeskAnswer> {
  const travels = Buffer.byteLength(JSON.stringify(steps)) < travelsBytes
  return travels ? { ask: 'plan', steps } : { ask: 'plan', steps: [], stepsDigest: await facts.put(steps) }
}
