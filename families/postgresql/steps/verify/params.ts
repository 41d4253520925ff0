import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { WaiverParams } from '../../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const PostgresVerifyParams = z.strictObject({
  from: DatasetReference,
  to: DatasetReference,
  waivers: WaiverParams,
  /** Further tables to leave out, as `schema.table`. */
  except: z.array(z.string()).default([]),
  /** How often rows that keep changing are compared again. */
  rounds: z.int().min(1).max(100).default(5),
  onDifference: z.enum(['fail', 'report']).default('fail'),
})
export type PostgresVerifyParams = z.infer<typeof PostgresVerifyParams>

/** Compares two databases range by range of rows, whether one follows the other or is a copy of it. */
export const postgresVerify: StepDeclaration<PostgresVerifyParams> = {
  name: 'postgres-verify',
  title: { zh: '逐段核对数据', en: 'Verify data range by range' },
  params: PostgresVerifyParams,
  does: 'verify',
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
