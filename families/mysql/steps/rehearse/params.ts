import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { WaiverParams } from '../../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const MysqlRehearseParams = z.strictObject({
  /** The copy on staging, opened for tests: it plays the side that is left. */
  from: DatasetReference,
  /** A server that holds nothing, and is left so. */
  to: DatasetReference,
  waivers: WaiverParams,
  writers: z.int().min(1).max(64).default(4),
  writerPauseMs: z.int().min(0).max(10_000).default(5),
  /** Undisturbed writing before, between and after the switches. */
  calmMs: z.int().min(100).max(600_000).default(1_000),
  deadlineMs: z.int().min(500).max(120_000).default(5_000),
})
export type MysqlRehearseParams = z.infer<typeof MysqlRehearseParams>

/** Rehearses a cutover and its rollback between the copy on staging and the server that is moved to. */
export const mysqlRehearse: StepDeclaration<MysqlRehearseParams> = {
  name: 'mysql-rehearse',
  title: { zh: '演练 MariaDB 割接与回退', en: 'Rehearse a cutover and a rollback of MariaDB' },
  params: MysqlRehearseParams,
  does: 'rehearse',
  onlyInMove: true,
  uses: ({ from, to }) => ({ databases: [from, to] }),
}
