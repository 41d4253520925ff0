import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Bypassing, Doors } from '../facts/entry-facts.ts'
import type { Asked } from '../facts/topics.ts'
import { ownApplicationName } from '../server/connections.ts'
import { sessionWords } from '../server/waiting.ts'
import type { Console } from './admin.ts'
import type { ServerSession } from './process-console.ts'

/** Looks at the doors of a database: its entry, other entries of the same pooler, and sessions that come past them. */
export async function doorsOf(asked: Asked, entry: string, console: Console): Promise<Doors> {
  const { address: host, port, database } = asked.port
  const entries = await console.entries()
  const own = entries.find(({ name }) => name === entry)
  const leadsHere = (one: { host: string; port: number; database: string }): boolean =>
    one.host === host && one.port === port && one.database === database
  const comesTo =
    own !== undefined && leadsHere(own) ? await strayServer(asked.client, entry, console) : undefined
  return {
    pointsTo: own === undefined ? '-' : `${own.host}:${String(own.port)}/${own.database}`,
    pointsHere: own !== undefined && leadsHere(own),
    others: entries
      .filter((one) => one.name !== entry && leadsHere(one) && !one.name.startsWith('qianyun_'))
      .map(({ name }) => name),
    bypassing: await bypassing(asked, entry, console),
    ...(comesTo !== undefined && { comesTo }),
  }
}

/**
 * Where sessions of the entry stand that are none of the database's of `client`: a name may mean another server to the pooler. Sessions of
 * one look alone were just beginning or ending.
 */
export async function strayServer(
  client: pg.Client,
  entry: string,
  console: Pick<Console, 'servers'>,
): Promise<string | undefined> {
  const first = await strays(client, entry, console)
  if (first.length === 0) return undefined
  await sleep(lookAgainMs)
  const stayed = new Set(first.map(({ pid }) => pid))
  return (await strays(client, entry, console)).find(({ pid }) => stayed.has(pid))?.place
}

async function strays(
  client: pg.Client,
  entry: string,
  console: Pick<Console, 'servers'>,
): Promise<readonly ServerSession[]> {
  // A session that has no process yet is still logging in.
  const servers = (await console.servers()).filter((one) => one.entry === entry && one.pid > 0)
  await client.query('select pg_catalog.pg_stat_clear_snapshot()')
  const { rows } = await client.query<{ pid: number }>(
    `select pid from pg_catalog.pg_stat_activity where datname = pg_catalog.current_database()`,
  )
  const here = new Set(rows.map(({ pid }) => pid))
  return servers.filter(({ pid }) => !here.has(pid))
}

/** Sessions of a database that come another way than by an entry, of one look. */
interface OutsideSession extends Omit<Bypassing, 'sessions'> {
  readonly pid: number
}

const lookAgainMs = 250

/**
 * Sessions of the database that are none of the entry's. Those of one look alone were just beginning or ending: the pooler and
 * the server are not asked at the same moment.
 */
async function bypassing(asked: Asked, entry: string, console: Console): Promise<readonly Bypassing[]> {
  const first = await outside(asked, entry, console)
  if (first.length === 0) return []
  await sleep(lookAgainMs)
  const stayed = new Set(first.map(({ pid }) => pid))
  const found = new Map<string, Bypassing>()
  for (const { pid, ...one } of await outside(asked, entry, console)) {
    if (!stayed.has(pid)) continue
    const key = `${one.role}@${one.from}`
    found.set(key, { ...one, sessions: (found.get(key)?.sessions ?? 0) + 1 })
  }
  return [...found.values()]
}

/**
 * Told by the process of the entry's connections, and of other entries by process and port, whatever the addresses are called.
 * Ours and those of superusers are left out.
 */
async function outside(
  { rows, port }: Asked,
  entry: string,
  console: Console,
): Promise<readonly OutsideSession[]> {
  // What a transaction has seen of other sessions it would else see again.
  await rows('SELECT pg_stat_clear_snapshot()')
  const sessions = await rows<{
    role: string
    pid: number
    clientPort: number | null
    address: string | null
    words: string
  }>(
    `SELECT a.usename AS role, a.pid, a.client_port AS "clientPort", host(a.client_addr) AS address, ${sessionWords} AS words
       FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid
      WHERE a.datname = current_database() AND a.backend_type = 'client backend' AND NOT r.rolsuper
        AND a.application_name NOT LIKE $1 AND a.usename <> $2
      ORDER BY a.backend_start`,
    [`${ownApplicationName}-%`, port.adminUser],
  )
  const servers = await console.servers()
  return sessions.flatMap(({ role, pid, clientPort, address, words }) => {
    // The entry leads here: of its connections the process is enough. What stands in between may give them other ports.
    const through = servers.find(
      (one) => one.pid === pid && (one.entry === entry || one.localPort === clientPort),
    )?.entry
    if (through === entry || through?.startsWith('qianyun_') === true) return []
    return [{ role, pid, words, from: through ?? address ?? 'local' }]
  })
}
