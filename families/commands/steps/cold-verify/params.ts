import { z } from 'zod'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

const FiguresParam = z.record(z.string().max(120), z.string().max(200))

export const ColdVerifyParams = z.strictObject({
  /** The figures of the side that was copied, right before and right after, and those of the copy. */
  before: FiguresParam,
  after: FiguresParam,
  copy: FiguresParam,
  onDifference: z.enum(['fail', 'report']).default('fail'),
})
export type ColdVerifyParams = z.infer<typeof ColdVerifyParams>

/** Compares the figures of a copy with those of the side it was made of, as far as these stood still meanwhile. */
export const coldVerify: StepDeclaration<ColdVerifyParams> = {
  name: 'cold-verify',
  title: { zh: '核对数据指标', en: 'Compare the figures of a copy' },
  params: ColdVerifyParams,
  does: 'verify',
}
