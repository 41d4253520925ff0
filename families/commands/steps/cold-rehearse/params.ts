import { z } from 'zod'
import { coldSides, startTimeoutMs, stopTimeoutMs } from '../cold-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const ColdRehearseParams = z.strictObject({
  ...coldSides,
  /** How long the copy may take. */
  timeoutMs: z.int().min(1_000).max(604_800_000).default(14_400_000),
  stopTimeoutMs,
  startTimeoutMs,
})
export type ColdRehearseParams = z.infer<typeof ColdRehearseParams>

/** Goes through a switch on staging, while the side `from` goes on serving: how long nobody would be served, there and back. */
export const coldRehearse: StepDeclaration<ColdRehearseParams> = {
  name: 'cold-rehearse',
  title: { zh: '演练停机切换', en: 'Rehearse a switch with the system stopped' },
  params: ColdRehearseParams,
  does: 'rehearse',
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
