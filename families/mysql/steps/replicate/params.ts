import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { WaiverParams } from '../../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const MysqlReplicateParams = z.strictObject({
  from: DatasetReference,
  to: DatasetReference,
  waivers: WaiverParams,
})
export type MysqlReplicateParams = z.infer<typeof MysqlReplicateParams>

/** Makes one database follow another by GTID, and prepares a switch and its way back. */
export const mysqlReplicate: StepDeclaration<MysqlReplicateParams> = {
  name: 'mysql-replicate',
  title: { zh: '建立 MariaDB 复制', en: 'Replicate a MariaDB database' },
  params: MysqlReplicateParams,
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
  undoable: () => true,
}
