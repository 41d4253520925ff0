import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { EndpointParams, hostsOfEndpoint } from '../endpoint-params.ts'
import { WaiverParams } from '../../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const PostgresRehearseParams = z.strictObject({
  from: DatasetReference,
  to: DatasetReference,
  endpoint: EndpointParams,
  waivers: WaiverParams,
  /** `schema-only` spares the source's disk when its database is large; the durations then leave the first copy out. */
  mode: z.enum(['schema-and-data', 'schema-only']).default('schema-and-data'),
  writers: z.int().min(1).max(200).default(4),
  writerPauseMs: z.int().min(0).max(10_000).default(5),
  calmMs: z.int().min(100).max(600_000).default(1_000),
  deadlineMs: z.int().min(500).max(120_000).default(5_000),
  pauseTimeoutMs: z.int().min(50).max(60_000).default(2_000),
  copyTimeoutMs: z.int().min(1_000).max(86_400_000).default(3_600_000),
})
export type PostgresRehearseParams = z.infer<typeof PostgresRehearseParams>

/** Rehearses a cutover and its rollback on a copy of the database, and measures how long both take. */
export const postgresRehearse: StepDeclaration<PostgresRehearseParams> = {
  name: 'postgres-rehearse',
  title: { zh: '割接与回退演练', en: 'Rehearse cutover and rollback' },
  params: PostgresRehearseParams,
  does: 'rehearse',
  onlyInMove: true,
  uses: ({ from, to, endpoint }) => ({ databases: [from, to], hosts: hostsOfEndpoint(endpoint, [from, to]) }),
  undoable: () => true,
}
