import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { WaiverParams } from '../../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const PostgresDisarmParams = z.strictObject({
  /** The side that does not serve. It must be closed, and stays closed. */
  from: DatasetReference,
  to: DatasetReference,
  waivers: WaiverParams,
})
export type PostgresDisarmParams = z.infer<typeof PostgresDisarmParams>

/** Removes replication on both sides. Afterwards there is no way back. */
export const postgresDisarm: StepDeclaration<PostgresDisarmParams> = {
  name: 'postgres-disarm',
  title: { zh: '解除退路', en: 'Disarm the way back' },
  params: PostgresDisarmParams,
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
