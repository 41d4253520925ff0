import { z } from 'zod'
import { QianyunError } from '../../../domain/errors.ts'
import { Identifier } from '../../../domain/identifier.ts'
import { quoteAll } from '../../ssh/quote.ts'
import type { StepKind } from '../kind.ts'

const AssertParams = z
  .strictObject({
    host: Identifier.optional(),
    /** What to look at on the host: name → words of a command that changes nothing; its output is `facts.<name>`. */
    facts: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/, 'must be a name'), z.array(z.string()).min(1))
      .default({}),
    /** CEL over the run's variables and `facts`. All of them must hold. */
    that: z.array(z.string().min(1).max(1_000)).min(1).max(50),
    message: z.string().max(400).optional(),
  })
  .refine((params) => Object.keys(params.facts).length === 0 || params.host !== undefined, {
    path: ['host'],
    error: 'must be given to look at facts there',
  })
type AssertParams = z.infer<typeof AssertParams>

interface AssertFacts {
  readonly facts: Readonly<Record<string, string>>
  readonly broken: readonly string[]
}

/** Thrown when what a playbook takes for granted is not so. */
export class AssertionFailedError extends QianyunError {
  override name = 'AssertionFailedError'
  readonly code = 'assertion-failed'

  constructor(
    readonly broken: readonly string[],
    readonly facts: Readonly<Record<string, string>>,
    readonly explanation: string | undefined,
  ) {
    super(
      `${explanation === undefined ? 'What the playbook takes for granted is not so' : explanation.replace(/[.:]$/, '')}: ${broken.map((one) => `"${one}"`).join(', ')} does not hold${Object.keys(facts).length === 0 ? '' : `, found ${JSON.stringify(facts)}`}. Put it right and retry the step.`,
    )
  }
}

/** Stops the playbook unless everything it takes for granted is so. */
export const assert: StepKind<AssertParams, AssertFacts> = {
  name: 'assert',
  title: { zh: '断言', en: 'Assert' },
  params: AssertParams,
  conditions: ['that'],
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
}
