import { z } from 'zod'
import { saying, wanted } from '../schema-problems.ts'
import { said } from '../words/said.ts'
import { durationPattern, parseDuration } from '../duration.ts'
import { Identifier, LocalText, SecretName } from '../identifier.ts'

/** Longer than this a timer of Node fires at once. */
const longest = '24d'

/** `200ms`, `30s`, `5m`, `2h`, `1h30m`. */
const Duration = z
  .string()
  .regex(durationPattern, wanted('duration-text'))
  .refine((text) => durationMs(text) <= durationMs(longest), saying(said('duration-too-long', { longest })))

const InputDeclaration = z.strictObject({
  type: z.enum(['string', 'number', 'boolean', 'host', 'database', 'path', 'url']),
  description: LocalText.optional(),
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
})
export type InputDeclaration = z.infer<typeof InputDeclaration>

/** One step. `with` holds the kind's own parameters and is checked by the kind. */
export const Step = z.strictObject({
  id: Identifier,
  title: LocalText.optional(),
  kind: Identifier,
  /** CEL: a list of what the step is repeated for, each with a `name`; `each` in its own expressions. */
  forEach: z.string().min(1).max(1000).exactOptional(),
  /** The playbook's host the step is carried out on; absent for steps the runner does from its own place. */
  host: z.union([Identifier, z.string().regex(/^\$\{.+\}$/)]).optional(),
  with: z.record(z.string(), z.unknown()).default({}),
  /** CEL; the step is skipped when it is false. */
  when: z.string().max(1000).optional(),
  undo: z.enum(['kind', 'none']).default('kind'),
  timeout: Duration.default('10m'),
  retry: z.strictObject({ attempts: z.int().min(1).max(20), delay: Duration.default('2s') }).optional(),
})
export type Step = z.infer<typeof Step>

/** A playbook file (playbooks/<name>/playbook.yaml). */
export const Playbook = z
  .strictObject({
    playbook: Identifier,
    title: LocalText,
    inputs: z.record(Identifier, InputDeclaration).default({}),
    secrets: z.array(SecretName).default([]),
    steps: z.array(Step).min(1).max(500),
  })
  .superRefine((playbook, context) => {
    const seen = new Set<string>()
    playbook.steps.forEach((step, index) => {
      if (seen.has(step.id)) {
        context.addIssue({
          code: 'custom',
          path: ['steps', index, 'id'],
          ...saying(said('value-a-second-time', { value: step.id })),
        })
      }
      seen.add(step.id)
    })
  })
export type Playbook = z.infer<typeof Playbook>

/** `2m` → 120000. The text has passed the schema. */
export function durationMs(duration: string): number {
  return parseDuration(duration) ?? 0
}
