import { addressOf } from '../../../domain/secret-use.ts'
import type { EndpointInFront } from '../../family.ts'
import type { EntryToLookAt } from '../facts/entry-facts.ts'
import type { StepContext } from '../../../runner/steps/kind.ts'
import type { EndpointParams } from '../steps/endpoint-params.ts'
import type { Entry } from '../switchover/plan.ts'

/** The entry, with its host and the password of its console. */
export async function entryOf(params: EndpointParams, context: StepContext): Promise<Entry> {
  return {
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
  }
}

/** The entries, among the endpoints, in front of a database; each is opened when it is read. */
export function entriesInFront(inFront: readonly EndpointInFront[] = []): readonly EntryToLookAt[] {
  return inFront.flatMap(({ endpoint, host, secret }) =>
    endpoint.kind === 'pgbouncer'
      ? [
          {
            name: endpoint.entryName,
            place: `${endpoint.address}:${String(endpoint.port)}`,
            file: endpoint.databasesFile,
            open: async () => ({
              name: endpoint.entryName,
              host: host(),
              file: endpoint.databasesFile,
              console: {
                address: endpoint.address,
                port: endpoint.port,
                user: endpoint.adminUser,
                weakLogin: endpoint.weakLogin,
                password: await secret(endpoint.adminSecret, {
                  purpose: 'pooler',
                  address: addressOf(endpoint),
                }),
              },
            }),
          },
        ]
      : [],
  )
}

/** The entry, among the endpoints, in front of a database, with its file; undefined if clients reach the database without one. */
export async function entryFronting(inFront: readonly EndpointInFront[]): Promise<Entry | undefined> {
  return entriesInFront(inFront)[0]?.open()
}
