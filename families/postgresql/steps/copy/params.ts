import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const PostgresCopyParams = z.strictObject({
  from: DatasetReference,
  to: DatasetReference,
  mode: z.enum(['schema-and-data', 'schema-only']).default('schema-and-data'),
  /** Whether a target with tables is dropped and created again. */
  replace: z.boolean().default(false),
})
export type PostgresCopyParams = z.infer<typeof PostgresCopyParams>

/** Copies one database into another server: roles, schema, data, large objects, privileges and settings. */
export const postgresCopy: StepDeclaration<PostgresCopyParams> = {
  name: 'postgres-copy',
  title: { zh: '复制 PostgreSQL 数据库', en: 'Copy a PostgreSQL database' },
  params: PostgresCopyParams,
  does: 'copy',
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
  undoable: () => true,
}
