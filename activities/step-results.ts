import { doneIn } from '../domain/playbook/does.ts'
import type { StepOutcome } from '../domain/playbook/outcome.ts'
import type { FactsPort } from '../domain/ports/facts.ts'

/** A playbook has up to 500 steps, and what travels of all of them together has to fit into one payload of Temporal's. */
const travelsBytes = 1024

/** The outcomes as the workflow carries them: larger results are put into storage and named by their digest. */
export async function carriedOutcomes(
  facts: FactsPort,
  done: readonly StepOutcome[],
): Promise<readonly StepOutcome[]> {
  return Promise.all(
    done.map(async (outcome) => {
      const { result, ...named } = outcome
      const fits = Buffer.byteLength(JSON.stringify(result)) <= travelsBytes
      // Of a switch the workflow itself reads the result.
      if (fits || doneIn(outcome) === 'switch') return outcome
      return { ...named, result: {}, resultDigest: await facts.put(result) }
    }),
  )
}

/** The outcomes with every result as the step gave it. @throws NotStoredError AlteredError */
export async function wholeOutcomes(
  facts: FactsPort,
  done: readonly StepOutcome[],
): Promise<readonly StepOutcome[]> {
  return Promise.all(
    done.map(async ({ resultDigest, ...outcome }) =>
      resultDigest === undefined
        ? outcome
        : { ...outcome, result: JSON.parse(await facts.text(resultDigest)) as StepOutcome['result'] },
    ),
  )
}
