import { z } from 'zod'
import { DatasetReference } from '../../../../domain/identifier.ts'
import { PooledParams } from '../endpoint-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

export const EndpointPgbouncerParams = z.strictObject({
  endpoint: PooledParams,
  /** The database to which clients are led. */
  to: DatasetReference,
  pauseTimeoutMs: z.int().min(50).max(600_000).default(5_000),
})
export type EndpointPgbouncerParams = z.infer<typeof EndpointPgbouncerParams>

/** Points one entry of pgbouncer at another database while clients wait. It moves no data; `postgres-switchover` does. */
export const endpointPgbouncer: StepDeclaration<EndpointPgbouncerParams> = {
  name: 'endpoint-pgbouncer',
  title: { zh: '切换数据库入口', en: 'Switch the database endpoint' },
  params: EndpointPgbouncerParams,
  onlyInMove: true,
  uses: ({ to, endpoint }) => ({ databases: [to], hosts: [endpoint.host] }),
  undoable: () => true,
}
