import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { startTimeoutMs } from '../cold-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const ColdReopenParams = z.strictObject({
  /** The side that served and is lost. */
  gone: DatasetReference,
  /** The side that was left and is started. */
  to: DatasetReference,
  startTimeoutMs,
})
export type ColdReopenParams = z.infer<typeof ColdReopenParams>

/** Starts the side that was left, as it was left, without the one that served and is lost for good. What that one took since is lost. */
export const coldReopen: StepDeclaration<ColdReopenParams> = {
  name: 'cold-reopen',
  title: { zh: '单独启用旧侧', en: 'Start the side that was left, alone' },
  params: ColdReopenParams,
  does: 'switch',
  onlyInMove: true,
  uses: ({ gone, to }) => ({ databases: [gone, to] }),
}
