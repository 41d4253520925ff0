import { implementKind } from '../implement-kind.ts'
import { type TaskParams, task } from './params.ts'

/** Carries {@link task} out. */
export const implementation = implementKind<TaskParams, null>(task, {
  interrupted: () => 'plan-again',
  gather: async () => null,
  plan: () => [],
})
