import { z } from 'zod'
import { LocalText } from '../../../domain/identifier.ts'
import { attestations, reviewers } from '../../../domain/playbook/attestation.ts'
import type { StepDeclaration } from '../declaration.ts'

export const TaskParams = z.strictObject({
  /** The role whose inbox gets the task. */
  role: z.enum(['coordinator', 'owner', 'provider', 'vendor', 'operations']),
  title: LocalText,
  wantsEvidence: z.boolean().default(false),
  wantsSignature: z.boolean().default(false),
  /** The role that accepts what was done, or sends it back. */
  reviewer: z.enum(reviewers).exactOptional(),
  /** What the task attests, in a tracked move, in the place of a step of the engine. */
  attests: z.enum(attestations).exactOptional(),
})
export type TaskParams = z.infer<typeof TaskParams>

/** Asks a person to do something. The runner does nothing: the workflow opens the task and waits for it. */
export const task: StepDeclaration<TaskParams> = {
  name: 'task',
  title: { zh: '人工任务', en: 'A task for a person' },
  params: TaskParams,
  person: (params) => params,
}
