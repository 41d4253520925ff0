import { z } from 'zod'
import { AbsolutePath } from '../../../../domain/absolute-path.ts'
import { Identifier } from '../../../../domain/identifier.ts'
import { EndpointParams } from '../endpoint-params.ts'
import { WaiverParams } from '../waiver-params.ts'
import type { StepDeclaration } from '../../../../runner/steps/declaration.ts'

/** What happens to a schema change while replication is on: it is written down, or refused. */
export const ddlFreezes = ['record', 'reject'] as const

export const PostgresReplicateParams = z.strictObject({
  from: Identifier,
  to: Identifier,
  waivers: WaiverParams,
  /** Drop what the target holds and make it anew, unless it is replicated into already. */
  replace: z.boolean().default(false),
  /**
   * Where a dump of a target is kept that served and may hold writes that are nowhere else. Such a database is dropped only with it, and
   * when two people have each closed a task of the move with the SHA-256 of that dump.
   */
  replaceServed: z.strictObject({ host: Identifier, path: AbsolutePath }).optional(),
  /** Where clients come in: an undo brings an interrupted switch to rest first. */
  endpoint: EndpointParams.optional(),
  /** What happens to schema changes from now on. */
  freeze: z.enum(ddlFreezes).default('record'),
  copyTimeoutMs: z.int().min(1_000).max(86_400_000).default(3_600_000),
})
export type PostgresReplicateParams = z.infer<typeof PostgresReplicateParams>

/** Makes one database follow another live, ready for a switchover and its way back. */
export const postgresReplicate: StepDeclaration<PostgresReplicateParams> = {
  name: 'postgres-replicate',
  title: { zh: '建立 PostgreSQL 逻辑复制', en: 'Replicate a PostgreSQL database' },
  params: PostgresReplicateParams,
  onlyInMove: true,
  uses: ({ from, to, endpoint, replaceServed }) => ({
    databases: [from, to],
    ...((endpoint ?? replaceServed) && {
      hosts: [endpoint?.host, replaceServed?.host].filter((host) => host !== undefined),
    }),
  }),
  undoable: () => true,
}
