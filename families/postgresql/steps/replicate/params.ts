import { z } from 'zod'
import { AbsolutePath } from '../../../../domain/absolute-path.ts'
import { DatasetReference, Identifier } from '../../../../domain/identifier.ts'
import { EndpointParams, hostsOfEndpoint } from '../endpoint-params.ts'
import { WaiverParams } from '../../../../domain/plan/waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

/** Whether a schema change during replication is recorded or refused. */
export const ddlFreezes = ['record', 'reject'] as const

export const PostgresReplicateParams = z.strictObject({
  from: DatasetReference,
  to: DatasetReference,
  waivers: WaiverParams,
  /** Whether a target with tables is dropped and created again, unless it is already replicated into. */
  replace: z.boolean().default(false),
  /**
   * Where a dump of a target is kept that served and may hold writes that are nowhere else. Such a database is dropped only with it, and
   * when two people have each closed a task of the move with the SHA-256 of that dump.
   */
  replaceServed: z.strictObject({ host: Identifier, path: AbsolutePath }).optional(),
  /** The entry of the clients: an undo settles an interrupted switch first. */
  endpoint: EndpointParams.optional(),
  /** How schema changes are treated during replication. */
  freeze: z.enum(ddlFreezes).default('record'),
  copyTimeoutMs: z.int().min(1_000).max(86_400_000).default(3_600_000),
})
export type PostgresReplicateParams = z.infer<typeof PostgresReplicateParams>

/** Makes one database follow another, and prepares a switchover and its way back. */
export const postgresReplicate: StepDeclaration<PostgresReplicateParams> = {
  name: 'postgres-replicate',
  title: { zh: '建立 PostgreSQL 逻辑复制', en: 'Replicate a PostgreSQL database' },
  params: PostgresReplicateParams,
  onlyInMove: true,
  uses: ({ from, to, endpoint, replaceServed }) => ({
    databases: [from, to],
    ...((endpoint ?? replaceServed) && {
      hosts: [
        ...(endpoint === undefined ? [] : hostsOfEndpoint(endpoint, [from, to])),
        ...(replaceServed === undefined ? [] : [replaceServed.host]),
      ],
    }),
  }),
  undoable: () => true,
}
