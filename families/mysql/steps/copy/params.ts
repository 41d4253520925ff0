import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { WaiverParams } from '../../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const MysqlCopyParams = z.strictObject({
  from: DatasetReference,
  to: DatasetReference,
  waivers: WaiverParams,
})
export type MysqlCopyParams = z.infer<typeof MysqlCopyParams>

/** Copies a database into a server that holds nothing else, where it follows the source: for staging. */
export const mysqlCopy: StepDeclaration<MysqlCopyParams> = {
  name: 'mysql-copy',
  title: { zh: '复制 MariaDB 数据库', en: 'Copy a MariaDB database' },
  params: MysqlCopyParams,
  does: 'copy',
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
  undoable: () => true,
}
