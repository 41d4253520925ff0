import { z } from 'zod'
import { wanted } from '../../../domain/schema-problems.ts'
import { Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'

export const AssertParams = z
  .strictObject({
    host: Identifier.optional(),
    /** Facts of the host: name → words of a command that changes nothing; its output is `facts.<name>`. */
    facts: z
      .record(z.string().regex(/^[A-Za-z_]\w*$/, wanted('name-of-fact')), z.array(z.string()).min(1))
      .default({}),
    /** CEL conditions over the run's variables and `facts`. All must hold. */
    that: z.array(z.string().min(1).max(1_000)).min(1).max(50),
    message: z.string().max(400).optional(),
  })
  .refine((params) => Object.keys(params.facts).length === 0 || params.host !== undefined, {
    path: ['host'],
    error: wanted('host-of-facts'),
  })
export type AssertParams = z.infer<typeof AssertParams>

/** Stops the playbook unless all conditions hold. */
export const assert: StepDeclaration<AssertParams> = {
  name: 'assert',
  title: { zh: '断言', en: 'Assert' },
  params: AssertParams,
  conditions: ['that'],
}
