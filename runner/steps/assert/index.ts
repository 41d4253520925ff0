import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'
import { quoteAll } from '../../ssh/quote.ts'
import { implementKind } from '../implement-kind.ts'
import { type AssertParams, assert } from './params.ts'

interface AssertFacts {
  readonly facts: Readonly<Record<string, string>>
  readonly broken: readonly string[]
}

/** Thrown when a condition of the step does not hold. */
export class AssertionFailedError extends QianyunError {
  override name = 'AssertionFailedError'
  readonly code = 'assertion-failed'

  constructor(
    readonly broken: readonly string[],
    readonly facts: Readonly<Record<string, string>>,
    readonly explanation: string | undefined,
  ) {
    super(
      said('assertion-failed', {
        explanation: explanation?.replace(/[.:。：]$/, ''),
        broken,
        facts: Object.keys(facts).length === 0 ? undefined : JSON.stringify(facts),
      }),
    )
  }
}

/** Carries {@link assert} out. */
export const implementation = implementKind<AssertParams, AssertFacts>(assert, {
  interrupted: () => 'plan-again',
  async gather(params, context) {
    const facts: Record<string, string> = {}
    for (const [name, words] of Object.entries(params.facts)) {
      const { stdout } = await context
        .host(params.host ?? '')
        .run(`exec ${quoteAll(words)}`, { signal: context.signal })
      facts[name] = stdout.trimEnd()
    }
    return { facts, broken: params.that.filter((condition) => !context.condition(condition, facts)) }
  },
  plan: (params) => [
    {
      do: 'procedure',
      name: 'assert',
      title: `make sure that ${params.that.join(' and ')}`,
      changesNothing: true,
    },
  ],
  async carryOut(params, { facts, broken }) {
    if (broken.length > 0) throw new AssertionFailedError(broken, facts, params.message)
    return { changed: false, held: params.that.length, facts }
  },
})
