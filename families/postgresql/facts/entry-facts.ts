import { messageOf, QianyunError } from '../../../domain/errors.ts'
import { addressMovers } from '../../../runner/ssh/address-movers.ts'
import { addressesOf, isNoWayThere } from '../../../runner/ssh/addresses.ts'
import { type DatabasePort, opened } from '../database.ts'
import { Console } from '../pgbouncer/admin.ts'
import { entryLine } from '../pgbouncer/entry-line.ts'
import type { Fullness } from '../pgbouncer/fullness.ts'
import { countListeners } from '../pgbouncer/listeners.ts'
import { safeClient } from '../server/client.ts'
import { fewAtOnce } from '../server/few-at-once.ts'
import { loginFrom, refusedBy } from '../server/host-login.ts'
import { isMarkHere, strayOf } from '../server/marked-session.ts'
import { leadsTo } from '../server/same-server.ts'
import type { Entry } from '../switchover/plan.ts'
import { type Doors, doorsOf } from './doors.ts'
import type { Asked } from './topics.ts'

/** What of an entry was found, in front of the database that is looked at. */
export interface EntryFacts extends Doors {
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
  readonly poolMode: string
  /** Roles that it pools by session, whatever its own mode is. */
  readonly sessionRoles?: readonly string[]
  /** What its pooler calls itself, with what decides whether it keeps prepared statements for its clients. */
  readonly pooler?: string
  readonly keepsPreparedStatements?: boolean
  /** How long its clients may wait for a statement to begin (`query_wait_timeout`), in seconds; absent where they wait without bound. */
  readonly clientsWaitSeconds?: number
  /** Programs on its host that move addresses to others. */
  readonly movers?: readonly string[]
  /** How full each of its processes is. */
  readonly fullness: readonly Fullness[]
  /** How many connections it may open to the database, all processes and roles together. */
  readonly poolConnections: number
  /** Roles of the application that cannot log in at it, with the reason. */
  readonly refused: readonly { readonly role: string; readonly reason: string }[]
  /** The address of the new side, if it leads to another server from the entry's host. */
  readonly newSideMissed?: string
  /** Roles that the pg_hba.conf of the new side does not admit from the host of the entry. */
  readonly notAdmitted: readonly { readonly role: string; readonly reason: string }[]
}

/** What stands around a database that is looked at. */
export interface Surroundings {
  readonly entries?: readonly EntryToLookAt[]
  /** The side that is to serve, whether its database is there or not. */
  readonly target?: DatabasePort
  /** An open console of the entries' pooler. The doors of the database are all that is looked at then. */
  readonly console?: Console
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
  fullness: [],
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
      if (asked.around.console !== undefined) throw error
      found.push({ ...known, ...nothing, unseen: messageOf(error) })
    }
  }
  return found
}

async function entryFacts(
  asked: Asked,
  entry: Entry,
): Promise<Omit<EntryFacts, 'name' | 'place' | 'file' | 'unseen'>> {
  const { port, around } = asked
  if (around.console !== undefined)
    return { ...nothing, ...(await doorsOf(asked, entry.name, around.console)) }
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
    const logins = await loginsAtEntry(asked, entry)
    const doors = await doorsOf(asked, entry.name, console)
    const comesTo = logins.flatMap((one) => ('comesTo' in one ? [one.comesTo] : []))[0] ?? doors.comesTo
    const newSideMissed = await missedNewSide(asked, entry)
    const movers = await addressMovers(entry.host)
    const clientsWaitSeconds = Number(await console.setting('query_wait_timeout'))
    const kept = await console.setting('max_prepared_statements')
    return {
      ...(clientsWaitSeconds > 0 && { clientsWaitSeconds }),
      movers,
      processes: console.processes,
      listeners,
      ...(lineProblem !== undefined && { lineProblem }),
      fullness: await console.fullness(entry.name),
      poolMode: own?.poolMode ?? (await console.setting('pool_mode')),
      sessionRoles: await console.sessionRoles(entry.name, port.appRoles),
      pooler: `${await console.version()}, max_prepared_statements ${kept === '' ? '-' : kept}`,
      keepsPreparedStatements: Number(kept) > 0,
      poolConnections:
        (own?.poolSize ?? 0) * console.processes * (own?.forcedUser === '' ? port.appRoles.length : 1),
      refused: logins.flatMap((one) => ('reason' in one ? [one] : [])),
      ...doors,
      ...(comesTo !== undefined && { comesTo }),
      ...(newSideMissed !== undefined && { newSideMissed }),
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

/** What became of a login at the entry that was not as it should be. */
type Login = { readonly role: string } & ({ readonly reason: string } | { readonly comesTo: string })

async function loginsAtEntry({ client, port }: Asked, entry: Entry): Promise<readonly Login[]> {
  const password = await port.appPassword()
  const logins = entry.login === undefined ? port.appRoles.map((user) => ({ user, password })) : [entry.login]
  // A connection takes one question at a time.
  let looked: Promise<unknown> = Promise.resolve()
  const isHere = async (mark: string): Promise<boolean> => {
    const looking = looked.then(async () => isMarkHere(client, mark))
    looked = looking.catch(() => undefined)
    return looking
  }
  const tries = (await addressesOf(entry.console.address)).flatMap((address) =>
    logins.map((login) => ({ ...login, address })),
  )
  const outcomes = await fewAtOnce(tries, async (one) => loginAtEntry(isHere, entry, one))
  return tries.flatMap(({ user: role }, n) => {
    const outcome = outcomes[n]
    return outcome === undefined ? [] : [{ role, ...outcome }]
  })
}

async function loginAtEntry(
  isHere: (mark: string) => Promise<boolean>,
  { name, console }: Entry,
  { address, ...login }: { readonly user: string; readonly password: string; readonly address: string },
): Promise<{ readonly reason: string } | { readonly comesTo: string } | undefined> {
  const client = safeClient(
    {
      ...login,
      host: address,
      port: console.port,
      database: name,
      application_name: 'qianyun-login-check',
      connectionTimeoutMillis: 5_000,
      query_timeout: 5_000,
    },
    { weakLogin: console.weakLogin },
  )
  try {
    await opened(client)
    const comesTo = await strayOf(client, isHere)
    return comesTo === undefined ? undefined : { comesTo }
  } catch (error) {
    return address !== console.address && isNoWayThere(error) ? undefined : { reason: messageOf(error) }
  } finally {
    await client.end().catch(() => undefined)
  }
}

/** A new side that does not answer at all is found elsewhere. */
async function missedNewSide({ around: { target } }: Asked, entry: Entry): Promise<string | undefined> {
  if (target === undefined) return undefined
  const found = await leadsTo(entry.host, target.address, target, 'postgres').catch(() => 'unknown' as const)
  return found === 'another' ? `${target.address}:${String(target.port)}` : undefined
}

/** Whether the new side lets connections from the host of the entry in: its database and its roles need not be there yet. */
async function notAdmitted({ around, port }: Asked, entry: Entry): Promise<EntryFacts['notAdmitted']> {
  const { target } = around
  if (target === undefined) return []
  const password = await port.appPassword()
  const answers = await fewAtOnce(port.appRoles, async (user) =>
    loginFrom(entry.host, target, { user, password, tls: 'preferred' }).catch(() => 'in' as const),
  )
  return port.appRoles.flatMap((role, n) => {
    const answer = answers[n]
    return typeof answer === 'object' && refusedBy(answer) === 'host-based'
      ? [{ role, reason: answer.message }]
      : []
  })
}

/** An entry that is opened already, as something to look at. */
export function entryToLookAt(entry: Entry): EntryToLookAt {
  const { address, port } = entry.console
  return { name: entry.name, place: `${address}:${String(port)}`, file: entry.file, open: async () => entry }
}
