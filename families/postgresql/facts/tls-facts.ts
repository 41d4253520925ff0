import { ownLinks } from '../replication/slots.ts'
import { tlsHere } from '../server/tls-end.ts'
import type { DatabaseFacts } from './database-facts.ts'
import type { Asked } from './topics.ts'

/** A connection to a server for which the plan has TLS: what either end of it says that it speaks. */
export interface TlsConnection {
  /** The name it has on the server. */
  readonly connection: string
  /** `TLSv1.3 TLS_AES_256_GCM_SHA384`; absent where the other end is a server's, which tells nobody. */
  readonly here?: string
  /** Absent where the server was reached without TLS. */
  readonly there?: string
}

interface Row {
  readonly name: string
  readonly isOurs: boolean
  readonly there: string | null
}

/** The connection that asks, and those by which the other side's server follows this one. */
const connectionsQuery = `
SELECT a.application_name AS name, s.pid = pg_backend_pid() AS "isOurs",
       CASE WHEN s.ssl THEN concat_ws(' ', s.version, s.cipher) END AS there
  FROM pg_stat_ssl s JOIN pg_stat_activity a USING (pid)
 WHERE s.pid = pg_backend_pid() OR s.pid IN (SELECT pid FROM pg_stat_replication)`

/** Nothing of a server for which the plan has no TLS. */
export async function tlsFacts({ client, port, rows }: Asked): Promise<Pick<DatabaseFacts, 'tls'>> {
  if (port.tls === undefined) return {}
  const found = await rows<Row>(connectionsQuery)
  const links = ownLinks(
    port.database,
    found.map(({ name }) => name),
  )
  const here = tlsHere(client)
  return {
    tls: found
      .filter(({ name, isOurs }) => isOurs || links.includes(name))
      .map(({ name, isOurs, there }) => ({
        connection: name,
        ...(isOurs && here !== undefined && { here }),
        ...(there !== null && { there }),
      })),
  }
}
