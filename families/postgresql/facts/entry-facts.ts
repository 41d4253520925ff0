import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { messageOf, QianyunError } from '../../../domain/errors.ts'
import { type DatabasePort, opened } from '../database.ts'
import { Console } from '../pgbouncer/admin.ts'
import { entryLine } from '../pgbouncer/entry-line.ts'
import { countListeners } from '../pgbouncer/listeners.ts'
import { loginFrom, refusedBy } from '../server/host-login.ts'
import { ownApplicationName } from '../server/connections.ts'
import { sessionWords } from '../server/waiting.ts'
import type { Entry } from '../switchover/plan.ts'
import type { Asked } from './topics.ts'

/** What of an entry was found, in front of the database that is looked at. */
export interface EntryFacts {
  readonly name: string
  /** Its pooler's address and port. */
  readonly place: string
  readonly file: string
  /** Why it could not be looked at: nothing else is known then. */
  readonly unseen?: string
  readonly processes: number
  /** Sockets that take connections there; 0 where none is to be seen on its host. */
  readonly listeners: number
  /** Why its line is none that can be switched. */
  readonly lineProblem?: string
  /** Where the running pooler sends its clients. */
  readonly pointsTo: string
  readonly pointsHere: boolean
  readonly poolMode: string
  /** How many connections it may open to the database, all processes and roles together. */
  readonly poolConnections: number
  /** Other entries of the same pooler that lead to the same database. */
  readonly others: readonly string[]
  /** Roles of the application that cannot log in at it, with the reason. */
  readonly refused: readonly { readonly role: string; readonly reason: string }[]
  /** Sessions on the database that come another way. */
  readonly bypassing: readonly Bypassing[]
  /** Roles that the pg_hba.conf of the new side does not admit from the host of the entry. */
  readonly notAdmitted: readonly { readonly role: string; readonly reason: string }[]
}

export interface Bypassing {
  readonly role: string
  /** Address of the client, or the entry it comes through. */
  readonly from: string
  readonly sessions: number
  readonly words: string
}

/** What stands around a database that is looked at. */
export interface Surroundings {
  readonly entries?: readonly EntryToLookAt[]
  /** The side that is to serve, whether its database is there or not. */
  readonly target?: DatabasePort
}

export interface EntryToLookAt {
  readonly name: string
  readonly place: string
  readonly file: string
  readonly open: () => Promise<Entry>
}

const nothing = {
  processes: 0,
  listeners: 0,
  pointsTo: '',
  pointsHere: false,
  poolMode: '',
  poolConnections: 0,
  others: [],
  refused: [],
  bypassing: [],
  notAdmitted: [],
} as const

/** Looks at the entries in front of a database. One that cannot be reached is a finding, not an error. */
export async function entriesFacts(asked: Asked): Promise<readonly EntryFacts[]> {
  const found: EntryFacts[] = []
  for (const { name, place, file, open } of asked.around.entries ?? []) {
    const known = { name, place, file }
    try {
      found.push({ ...known, ...(await entryFacts(asked, await open())) })
    } catch (error) {
      found.push({ ...known, ...nothing, unseen: messageOf(error) })
    }
  }
  return found
}

async function entryFacts(
  asked: Asked,
  entry: Entry,
): Promise<Omit<EntryFacts, 'name' | 'place' | 'file' | 'unseen'>> {
  const { port } = asked
  const console = await Console.open(entry.console)
  try {
    const { address, port: number } = entry.console
    const here = { host: port.address, port: port.port, database: port.database }
    const [listeners, lineProblem, entries] = await Promise.all([
      countListeners(entry.host, address, number),
      entryLine(entry.host, entry.file, entry.name, here).then(() => undefined, problemOf),
      console.entries(),
    ])
    const own = entries.find(({ name }) => name === entry.name)
    const leadsHere = (one: { host: string; port: number; database: string }): boolean =>
      one.host === here.host && one.port === here.port && one.database === here.database
    return {
      processes: console.processes,
      listeners,
      ...(lineProblem !== undefined && { lineProblem }),
      pointsTo: own === undefined ? '-' : `${own.host}:${String(own.port)}/${own.database}`,
      pointsHere: own !== undefined && leadsHere(own),
      poolMode: own?.poolMode ?? (await console.setting('pool_mode')),
      poolConnections:
        (own?.poolSize ?? 0) * console.processes * (own?.forcedUser === '' ? port.appRoles.length : 1),
      others: entries
        .filter((one) => one.name !== entry.name && leadsHere(one) && !one.name.startsWith('qianyun_'))
        .map(({ name }) => name),
      refused: await refusedAtEntry(port, entry),
      bypassing: await bypassing(asked, entry.name, console),
      notAdmitted: await notAdmitted(asked, entry),
    }
  } finally {
    await console.close()
  }
}

function problemOf(error: unknown): string {
  if (error instanceof QianyunError) return error.message
  throw error
}

async function refusedAtEntry(port: DatabasePort, entry: Entry): Promise<EntryFacts['refused']> {
  const password = await port.appPassword()
  const logins = entry.login === undefined ? port.appRoles.map((user) => ({ user, password })) : [entry.login]
  const refused: { role: string; reason: string }[] = []
  for (const login of logins) {
    const reason = await whyRefused(entry, login)
    if (reason !== undefined) refused.push({ role: login.user, reason })
  }
  return refused
}

async function whyRefused(
  { name, console }: Entry,
  login: { readonly user: string; readonly password: string },
): Promise<string | undefined> {
  const client = new pg.Client({
    ...login,
    host: console.address,
    port: console.port,
    database: name,
    application_name: 'qianyun-login-check',
    connectionTimeoutMillis: 5_000,
    query_timeout: 5_000,
  })
  try {
    await opened(client)
    await client.query('select 1')
    return undefined
  } catch (error) {
    return messageOf(error)
  } finally {
    await client.end().catch(() => undefined)
  }
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

/** Whether the new side lets connections from the host of the entry in: its database and its roles need not be there yet. */
async function notAdmitted({ around, port }: Asked, entry: Entry): Promise<EntryFacts['notAdmitted']> {
  const { target } = around
  if (target === undefined) return []
  const password = await port.appPassword()
  const found: { role: string; reason: string }[] = []
  for (const user of port.appRoles) {
    const answer = await loginFrom(entry.host, target, { user, password, tls: 'preferred' }).catch(
      () => 'in' as const,
    )
    if (typeof answer === 'object' && refusedBy(answer) === 'host-based')
      found.push({ role: user, reason: answer.message })
  }
  return found
}

/** An entry that is opened already, as something to look at. */
export function entryToLookAt(entry: Entry): EntryToLookAt {
  const { address, port } = entry.console
  return { name: entry.name, place: `${address}:${String(port)}`, file: entry.file, open: async () => entry }
}
