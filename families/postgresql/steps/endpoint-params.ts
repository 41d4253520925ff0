import { z } from 'zod'
import { FilePath } from '../../../domain/absolute-path.ts'
import { Address, RoleName, WeakLogin } from '../../../domain/host.ts'
import { Identifier, SecretName } from '../../../domain/identifier.ts'

/** An entry of pgbouncer in a plan (`${endpoints.database}`), as step kinds take it. */
export const PooledParams = z.strictObject({
  kind: z.literal('pgbouncer').optional(),
  /** The playbook's name of the host the file lies on. */
  host: Identifier.default('entry'),
  address: Address,
  port: z.int().min(1).max(65_535),
  adminUser: RoleName,
  adminSecret: SecretName,
  databasesFile: FilePath,
  entryName: z.string().min(1).max(63),
  weakLogin: WeakLogin.exactOptional(),
})
export type PooledParams = z.infer<typeof PooledParams>

/** Clients that connect to the database server itself (`${endpoints.database}`), as step kinds take them. */
export const DirectParams = z.strictObject({
  kind: z.literal('none'),
  /** Addresses they come from; others are strangers. */
  clients: z.array(z.string()).default([]),
  /** The hosts they run on, by the playbook's names of the sides. */
  hosts: z.record(z.string(), z.array(Identifier)).default({}),
})
export type DirectParams = z.infer<typeof DirectParams>

/** The entry of a plan, as step kinds take it. */
export const EndpointParams = z.discriminatedUnion('kind', [PooledParams, DirectParams])
export type EndpointParams = z.infer<typeof EndpointParams>

/** The hosts that a step reaches for an entry, by the playbook's names, when these sides take part in it. */
export function hostsOfEndpoint(endpoint: EndpointParams, sides: readonly string[]): readonly string[] {
  if (endpoint.kind !== 'none') return [endpoint.host]
  return [...new Set(sides.flatMap((side) => endpoint.hosts[side] ?? []))]
}

/** What a plan of a step calls an entry that is paused and pointed; undefined where nothing stands in front. */
export function entryNameOf(endpoint: EndpointParams): string | undefined {
  return endpoint.kind === 'none' ? undefined : endpoint.entryName
}
