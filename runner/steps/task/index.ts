import { z } from 'zod'
import { Identifier, LocalText } from '../../../domain/identifier.ts'
import type { StepKind } from '../kind.ts'

const TaskParams = z.strictObject({
  /** Whose inbox it goes to. */
  organisation: z.enum(['owner', 'provider', 'vendor', 'coordinator', 'operations']),
  title: LocalText,
  instructions: LocalText,
  /** Evidence a person must attach, by name, before the task can be signed off. */
  evidence: z.array(Identifier).max(20).default([]),
})
type TaskParams = z.infer<typeof TaskParams>

/** Something a person does. The runner has nothing to carry out: the workflow opens the task and waits for it. */
export const task: StepKind<TaskParams, null> = {
  name: 'task',
  title: { zh: '人工任务', en: 'A task for a person' },
  params: TaskParams,
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: () => [],
}
