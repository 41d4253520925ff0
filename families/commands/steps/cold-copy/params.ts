import { z } from 'zod'
import { coldSides, startTimeoutMs, stopTimeoutMs } from '../cold-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const ColdCopyParams = z.strictObject({
  ...coldSides,
  /** How long the copy may take. */
  timeoutMs: z.int().min(1_000).max(604_800_000).default(14_400_000),
  stopTimeoutMs,
  startTimeoutMs,
})
export type ColdCopyParams = z.infer<typeof ColdCopyParams>

/** Copies a dataset while its side `from` goes on serving, with its figures before and after, and starts the copy: for staging. */
export const coldCopy: StepDeclaration<ColdCopyParams> = {
  name: 'cold-copy',
  title: { zh: '以厂商命令复制', en: "Copy by the vendor's commands" },
  params: ColdCopyParams,
  does: 'copy',
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
  undoable: () => true,
}
