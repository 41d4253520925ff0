import { z } from 'zod'
import { coldSides } from '../cold-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const ColdReadyParams = z.strictObject(coldSides)
export type ColdReadyParams = z.infer<typeof ColdReadyParams>

/** Looks whether two sides could be switched now, and stops nothing. */
export const coldReady: StepDeclaration<ColdReadyParams> = {
  name: 'cold-ready',
  title: { zh: '检查可否停机切换', en: 'See whether the sides can be switched' },
  params: ColdReadyParams,
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
