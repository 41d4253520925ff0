import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const MysqlReopenParams = z.strictObject({
  /** The side that served and is lost. */
  gone: DatasetReference,
  /** The side that was left and is opened. */
  to: DatasetReference,
  /** How long the lost side is tried to be reached before it is taken for lost. */
  lookTimeoutMs: z.int().min(500).max(120_000).default(10_000),
  /** How long what has arrived may take to be applied. */
  applyWithinMs: z.int().min(1_000).max(3_600_000).default(600_000),
})
export type MysqlReopenParams = z.infer<typeof MysqlReopenParams>

/** Opens the side that was left, without the one that served and is lost for good. What had not arrived is lost. */
export const mysqlReopen: StepDeclaration<MysqlReopenParams> = {
  name: 'mysql-reopen',
  title: { zh: '单独启用旧侧 MariaDB', en: 'Open the MariaDB side that was left, alone' },
  params: MysqlReopenParams,
  does: 'switch',
  onlyInMove: true,
  uses: ({ gone, to }) => ({ databases: [gone, to] }),
}
