import type { EndpointOf } from '../../../domain/plan/endpoint.ts'
import { addressOf } from '../../../domain/secret-use.ts'
import type { EndpointInFront } from '../../family.ts'
import type { EntryToLookAt } from '../facts/entry-facts.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import type { PooledParams } from '../steps/endpoint-params.ts'
import { PooledEntry } from './pooled-entry.ts'

type Ports = Omit<EndpointInFront, 'endpoint'>

/** The entry that a step is given, with its host and the password of its console. */
export async function pooledEntryOf(params: PooledParams, context: StepContext): Promise<PooledEntry> {
  return new PooledEntry({
    name: params.entryName,
    host: context.host(params.host),
    file: params.databasesFile,
    console: {
      address: params.address,
      port: params.port,
      user: params.adminUser,
      weakLogin: params.weakLogin,
      password: await context.secret(params.adminSecret, { purpose: 'pooler', address: addressOf(params) }),
    },
  })
}

/** The entry of a plan, with its host and the password of its console. */
export async function pooledEntryInFront(
  endpoint: EndpointOf<'pgbouncer'>,
  { host, secret }: Ports,
): Promise<PooledEntry> {
  return new PooledEntry({
    name: endpoint.entryName,
    host: host(endpoint.host),
    file: endpoint.databasesFile,
    console: {
      address: endpoint.address,
      port: endpoint.port,
      user: endpoint.adminUser,
      weakLogin: endpoint.weakLogin,
      password: await secret(endpoint.adminSecret, { purpose: 'pooler', address: addressOf(endpoint) }),
    },
  })
}

/** The entry of a plan, which is reached when it is looked at. */
export function pooledToLookAt(endpoint: EndpointOf<'pgbouncer'>, ports: Ports): EntryToLookAt {
  return {
    name: endpoint.entryName,
    place: `${endpoint.address}:${String(endpoint.port)}`,
    file: endpoint.databasesFile,
    look: async (asked) => (await pooledEntryInFront(endpoint, ports)).toLookAt().look(asked),
  }
}
