import { z } from 'zod'
import { Identifier } from '../../../../domain/identifier.ts'
import { EndpointParams } from '../endpoint-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const PostgresReopenParams = z.strictObject({
  /** The side that served, and is gone. */
  gone: Identifier,
  /** The side that was left, and is opened. */
  to: Identifier,
  endpoint: EndpointParams,
  /** How long the side that is gone is asked whether it is. */
  lookTimeoutMs: z.int().min(500).max(120_000).default(10_000),
  /** Clients that wait for an answer of it are cut off after this. */
  pauseTimeoutMs: z.int().min(50).max(60_000).default(2_000),
  /** That of the switchover which opened the side that is gone. */
  sequenceMargin: z.int().min(0).max(1_000_000).default(1_000),
  /** Also where a copy into the side was cut off, and tables of it do not hold all their rows. */
  evenIncomplete: z.boolean().default(false),
})
export type PostgresReopenParams = z.infer<typeof PostgresReopenParams>

/**
 * Opens the side that was left without the one that serves, because that one is gone for good. What it took and did not
 * hand on is lost. Run again after any interruption it goes on.
 */
export const postgresReopen: StepDeclaration<PostgresReopenParams> = {
  name: 'postgres-reopen',
  title: { zh: '单独启用旧侧数据库', en: 'Open the side that was left, alone' },
  params: PostgresReopenParams,
  does: 'switch',
  onlyInMove: true,
  uses: ({ gone, to, endpoint }) => ({ databases: [gone, to], hosts: [endpoint.host] }),
}
