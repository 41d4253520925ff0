import { withClient } from '../server/connections.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { ownHosts } from './named-hosts.ts'
import type { Asked } from './topics.ts'

/** A foreign server in another database of the same server, which leads to this one. */
export interface NeighbourFacts {
  readonly database: string
  readonly name: string
  readonly tables: number
}

/** More than a server usually has; each is a connection of its own. */
const databasesLookedAt = 100

/** $1: the database that is looked at, $2: ours. */
const neighboursQuery = `
SELECT datname::text AS name FROM pg_database
 WHERE datallowconn AND NOT datistemplate AND datname NOT IN ($1, $2) ORDER BY 1 LIMIT ${databasesLookedAt}`

/** $1: the database that is looked at. */
const leadingHereQuery = `
SELECT quote_ident(s.srvname) AS name, (SELECT count(*)::int FROM pg_foreign_table t WHERE t.ftserver = s.oid) AS tables,
       ARRAY(SELECT h FROM pg_options_to_table(s.srvoptions) o, unnest(string_to_array(o.option_value, ',')) h
              WHERE o.option_name IN ('host', 'hostaddr')) AS hosts
  FROM pg_foreign_server s
 WHERE EXISTS (SELECT FROM pg_options_to_table(s.srvoptions) o WHERE o.option_name = 'dbname' AND o.option_value = $1) ORDER BY 1`

/** Looks for foreign servers that lead to this database in the other databases of its server. */
export async function neighbours({ rows, port, database }: Asked): Promise<readonly NeighbourFacts[]> {
  const found: NeighbourFacts[] = []
  for (const { name: place } of await rows<{ name: string }>(neighboursQuery, [database, controlDatabase])) {
    const servers = await withClient(
      port,
      'census',
      async (client) => {
        await client.query(`SET statement_timeout = '10s'`)
        return client.query<{ name: string; tables: number; hosts: string[] }>(leadingHereQuery, [database])
      },
      place,
    )
    for (const { name, tables, hosts } of servers.rows) {
      const own = await ownHosts(port, hosts)
      if (hosts.length === 0 || hosts.some((host) => own.has(host)))
        found.push({ database: place, name, tables })
    }
  }
  return found
}
