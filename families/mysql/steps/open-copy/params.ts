import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const MysqlOpenCopyParams = z.strictObject({ from: DatasetReference, to: DatasetReference })
export type MysqlOpenCopyParams = z.infer<typeof MysqlOpenCopyParams>

/** Opens a copy for tests: it follows its source no more, and lets in who is let in there. */
export const mysqlOpenCopy: StepDeclaration<MysqlOpenCopyParams> = {
  name: 'mysql-open-copy',
  title: { zh: '启用 MariaDB 测试副本', en: 'Open a copy of MariaDB for tests' },
  params: MysqlOpenCopyParams,
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
