import type pg from 'pg'
import { addressesOf } from '../../../runner/ssh/addresses.ts'
import type { DatabasePort } from '../database.ts'
import { sessionWords } from '../server/waiting.ts'
import type { Stranger } from '../facts/entry-facts.ts'
import type { DirectWay } from './direct-entry.ts'

/** The sessions of a database: those that come from where the application runs, by process, and all others. */
export interface Clients {
  readonly known: readonly number[]
  readonly strangers: readonly Stranger[]
}

interface Row {
  readonly pid: number
  readonly role: string
  readonly address: string
  readonly application: string
  readonly words: string
}

/** Those of superusers are left out, whom no fence keeps out: ours are among them. What a session calls itself says nothing. */
const sessionsQuery = `
SELECT a.pid, a.usename::text AS role, coalesce(host(a.client_addr), 'local') AS address, a.application_name AS application,
       ${sessionWords} AS words
  FROM pg_catalog.pg_stat_activity a JOIN pg_catalog.pg_roles r ON r.oid = a.usesysid
 WHERE a.datname = pg_catalog.current_database() AND a.backend_type = 'client backend' AND NOT r.rolsuper
   AND a.usename <> $1
 ORDER BY a.backend_start`

/** Who is connected to a database. It takes a few milliseconds to see. */
export async function clientsOf(
  client: pg.Client,
  { adminUser }: DatabasePort,
  { clients }: Pick<DirectWay, 'clients'>,
): Promise<Clients> {
  // What a transaction has seen of other sessions it would else see again.
  await client.query('SELECT pg_catalog.pg_stat_clear_snapshot()')
  const { rows } = await client.query<Row>(sessionsQuery, [adminUser])
  if (clients === 'all') return { known: rows.map(({ pid }) => pid), strangers: [] }
  const expected = new Set((await Promise.all(clients.map(addressesOf))).flat())
  const strangers = new Map<string, Stranger>()
  for (const { role, address, application, words } of rows) {
    if (expected.has(address)) continue
    const key = JSON.stringify([role, address, application])
    const sessions = (strangers.get(key)?.sessions ?? 0) + 1
    strangers.set(key, { role, from: address, application, words, sessions })
  }
  return {
    known: rows.filter(({ address }) => expected.has(address)).map(({ pid }) => pid),
    strangers: [...strangers.values()],
  }
}
