import type { EndpointInFront } from '../../family.ts'
import { directEntryInFront } from '../direct/endpoint.ts'
import type { EntryToLookAt } from '../facts/entry-facts.ts'
import { pooledEntryInFront, pooledToLookAt } from '../pgbouncer/endpoint.ts'
import type { Entry } from './entry.ts'

/** The entries, among the endpoints, in front of a database; each is opened when it is looked at. */
export function entriesInFront(inFront: readonly EndpointInFront[] = []): readonly EntryToLookAt[] {
  return inFront.flatMap(({ endpoint, ...ports }) => {
    switch (endpoint.kind) {
      case 'pgbouncer':
        return [pooledToLookAt(endpoint, ports)]
      case 'none':
        return [directEntryInFront(ports).toLookAt()]
      case 'http':
        return []
    }
  })
}

/** The entry, among the endpoints, in front of a database. */
export async function entryFronting(inFront: readonly EndpointInFront[]): Promise<Entry | undefined> {
  for (const { endpoint, ...ports } of inFront) {
    switch (endpoint.kind) {
      case 'pgbouncer':
        return pooledEntryInFront(endpoint, ports)
      case 'none':
        return directEntryInFront(ports)
      case 'http':
        break
    }
  }
  return undefined
}
