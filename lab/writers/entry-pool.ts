import { Pool } from 'undici'
import type { Lab } from '../lab.ts'

/** Connections to the entry, one for each client. */
export function entryPool(lab: Lab, clients: number): Pool {
  return new Pool(lab.description.entry.httpUrl, {
    connections: clients,
    pipelining: 1,
    // Shorter than the entry's, so that it is never the entry that closes a connection while a request is on its way.
    keepAliveTimeout: 1_000,
    keepAliveMaxTimeout: 1_000,
    headersTimeout: 40_000,
    bodyTimeout: 40_000,
  })
}

/** Whether nothing of a request can have arrived. */
export function isRefusedConnection(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT'].includes(String(error.code))
  )
}
