import { messageOf, QianyunError } from '../../../domain/errors.ts'
import { addressMovers } from '../../../runner/ssh/address-movers.ts'
import { addressesOf, isNoWayThere } from '../../../runner/ssh/addresses.ts'
import { opened } from '../database.ts'
import type { EntryFound } from '../facts/entry-facts.ts'
import type { Asked } from '../facts/topics.ts'
import { safeClient } from '../server/client.ts'
import { fewAtOnce } from '../server/few-at-once.ts'
import { loginFrom, refusedBy } from '../server/host-login.ts'
import { isMarkHere, strayOf } from '../server/marked-session.ts'
import { leadsTo } from '../server/same-server.ts'
import { Console } from './admin.ts'
import { doorsOf } from './doors.ts'
import { entryLine } from './entry-line.ts'
import { countListeners } from './listeners.ts'
import type { Pooler } from './pooler.ts'

/** Looks at an entry of pgbouncer, and at who comes to the database past it. */
export async function pooledFacts(asked: Asked, entry: Pooler): Promise<EntryFound> {
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
      strangers: [],
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

async function loginsAtEntry({ client, port }: Asked, entry: Pooler): Promise<readonly Login[]> {
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
  { name, console }: Pooler,
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
async function missedNewSide({ around: { target } }: Asked, entry: Pooler): Promise<string | undefined> {
  if (target === undefined) return undefined
  const found = await leadsTo(entry.host, target.address, target, 'postgres').catch(() => 'unknown' as const)
  return found === 'another' ? `${target.address}:${String(target.port)}` : undefined
}

/** Whether the new side lets connections from the host of the entry in: its database and its roles need not be there yet. */
async function notAdmitted({ around, port }: Asked, entry: Pooler): Promise<EntryFound['notAdmitted']> {
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
