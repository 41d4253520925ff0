import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const MysqlVerifyParams = z.strictObject({
  from: DatasetReference,
  to: DatasetReference,
  onDifference: z.enum(['fail', 'report']).default('fail'),
})
export type MysqlVerifyParams = z.infer<typeof MysqlVerifyParams>

/** Compares every row of two databases, range by range, as of one transaction, and all definitions. */
export const mysqlVerify: StepDeclaration<MysqlVerifyParams> = {
  name: 'mysql-verify',
  title: { zh: '逐段核对 MariaDB 数据', en: 'Verify MariaDB data range by range' },
  params: MysqlVerifyParams,
  does: 'verify',
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
