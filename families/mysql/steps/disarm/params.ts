import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const MysqlDisarmParams = z.strictObject({
  /** The side that does not serve. It must be closed, and stays closed. */
  from: DatasetReference,
  to: DatasetReference,
})
export type MysqlDisarmParams = z.infer<typeof MysqlDisarmParams>

/** Ends the channel between both sides. Afterwards there is no way back. */
export const mysqlDisarm: StepDeclaration<MysqlDisarmParams> = {
  name: 'mysql-disarm',
  title: { zh: '解除 MariaDB 退路', en: 'Disarm the way back of MariaDB' },
  params: MysqlDisarmParams,
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
