import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { EndpointParams, hostsOfEndpoint } from '../endpoint-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const PostgresReopenParams = z.strictObject({
  /** The side that served and is lost. */
  gone: DatasetReference,
  /** The side that was closed and is opened. */
  to: DatasetReference,
  endpoint: EndpointParams,
  /** Other databases whose side was lost with it. */
  also: z
    .array(z.strictObject({ gone: DatasetReference, to: DatasetReference, endpoint: EndpointParams }))
    .max(20)
    .default([]),
  /** How long the step tries to reach the lost side before it takes it for lost. */
  lookTimeoutMs: z.int().min(500).max(120_000).default(10_000),
  /** After this time, clients that wait for an answer of the lost side are disconnected. */
  pauseTimeoutMs: z.int().min(50).max(60_000).default(2_000),
  /** The generation of the switchover that opened the lost side. */
  sequenceMargin: z.int().min(0).max(1_000_000).default(1_000),
  /** Whether the side is opened even if a copy into it was interrupted and tables lack rows. */
  evenIncomplete: z.boolean().default(false),
})
export type PostgresReopenParams = z.infer<typeof PostgresReopenParams>

/**
 * Opens the closed side without the serving side, which is lost for good. Writes that the lost side accepted and did not replicate are
 * lost. After an interruption the step continues.
 */
export const postgresReopen: StepDeclaration<PostgresReopenParams> = {
  name: 'postgres-reopen',
  title: { zh: '单独启用旧侧数据库', en: 'Open the side that was left, alone' },
  params: PostgresReopenParams,
  does: 'switch',
  onlyInMove: true,
  uses: (params) => {
    const all = [params, ...params.also]
    return {
      databases: all.flatMap(({ gone, to }) => [gone, to]),
      hosts: all.flatMap(({ gone, to, endpoint }) => hostsOfEndpoint(endpoint, [gone, to])),
    }
  },
}
