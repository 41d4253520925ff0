import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { plainMeaning } from './plain-meaning.ts'
import { controlDatabase } from './control-schema.ts'
import { assertOwnControl } from './own-places.ts'
import { SideSilentError } from '../errors.ts'
import { sideName } from '../side-name.ts'

/** Every connection of ours carries this prefix, so that a fence can tell them from the application's. */
export const ownApplicationName = 'qianyun'

const silenceMs = 2_000

/** One side of a move that we are connected to: to the application's database and to the server's control database. */
export interface ConnectedSide {
  readonly port: DatabasePort
  readonly app: pg.Client
  readonly control: pg.Client
}

/**
 * Questions to the catalogs are wide and read few rows: compiling one takes the server seconds, running it a tenth of one. 10 knows
 * no such setting.
 */
export const withoutCompiling = `select set_config('jit', 'off', false) where current_setting('jit', true) is not null`

/** Where the administrator may set it, whom no question of SQL tells before version 15. */
export const sessionAs = (role: 'replica' | 'origin', within: 'session' | 'local'): string =>
  `do $do$ begin set ${within} session_replication_role = ${role}; exception when insufficient_privilege then null; end $do$`

/**
 * What server, database or role may have as their default and a procedure must not: commits that are not on disk, and
 * limits that end a statement or a connection that waits for its turn. Settings a server does not know are left out. As a session of
 * replication it fires no event trigger and no trigger of the application's, whose function would run with our rights. Roles that an administrator
 * makes who is no superuser are granted to it.
 */
const ownSettings = `select set_config(name, value, false)
  from (values ('synchronous_commit', 'on'), ('statement_timeout', '0'), ('lock_timeout', '0'),
               ('transaction_timeout', '0'), ('idle_session_timeout', '0')) as s (name, value)
 where current_setting(name, true) is not null
union all
select set_config('createrole_self_grant', 'set, inherit', false) where current_setting('createrole_self_grant', true) is not null
union all
${withoutCompiling}; ${sessionAs('replica', 'session')}`

/** Connections whose server or network has ended them. */
const gone = new WeakSet<pg.Client>()

/** Opens a connection that may write behind a read-only fence, and whose loss does not end the process. */
export async function openClient(port: DatabasePort, purpose: string, database?: string): Promise<pg.Client> {
  const client = await port.connect({
    readWrite: true,
    applicationName: `${ownApplicationName}-${purpose}`,
    ...(database === undefined ? {} : { database }),
  })
  // A server that goes away rejects the query under way; the event says the same a second time.
  client.on('error', () => gone.add(client))
  client.on('end', () => gone.add(client))
  try {
    await client.query(ownSettings)
    if (database === controlDatabase) await assertOwnControl(client, sideName(port))
  } catch (error) {
    await endClient(client)
    throw error
  }
  return client
}

/**
 * Ends what code of the application's owner left in a session of ours, so that nothing of it runs with our rights: cursors, whose query the
 * commit would run, and settings, as the path that names are looked up by. No name is looked up before that is done.
 */
export async function recoverSession(client: pg.Client): Promise<void> {
  await client.query('close all')
  await client.query('reset all')
  await client.query(plainMeaning)
  await client.query(ownSettings)
}

/** Whether a connection is known to be lost: nothing given to it is sent any more. */
export function isGone(client: pg.Client): boolean {
  return gone.has(client)
}

/**
 * Connects to one side within a time: a server that is frozen takes connections and says nothing. What comes too late is closed.
 * @throws SideSilentError, and what the connection was refused with
 */
export async function connectSideWithin(
  port: DatabasePort,
  purpose: string,
  withinMs: number,
): Promise<ConnectedSide> {
  const opening = connectSide(port, purpose)
  const late = sleep(withinMs, undefined, { ref: false })
  const side = await Promise.race([opening, late])
  if (side !== undefined) return side
  void opening.then(async (found) => disconnectSides(found)).catch(() => undefined)
  throw new SideSilentError(sideName(port), withinMs)
}

export async function connectSide(port: DatabasePort, purpose: string): Promise<ConnectedSide> {
  const opening = [openClient(port, purpose), openClient(port, purpose, controlDatabase)] as const
  const [app, control] = await Promise.allSettled(opening)
  if (app.status === 'fulfilled' && control.status === 'fulfilled') {
    return { port, app: app.value, control: control.value }
  }
  for (const one of [app, control]) if (one.status === 'fulfilled') await endClient(one.value)
  throw (app.status === 'rejected' ? app.reason : (control as PromiseRejectedResult).reason) as Error
}

/** Ends connections; one that is already gone is as good as ended, and one whose server is silent is cut. */
export async function endClient(...clients: readonly (pg.Client | undefined)[]): Promise<void> {
  await Promise.all(
    clients.map(async (client) => {
      const late = sleep(silenceMs, 'late' as const, { ref: false })
      const ended = client?.end().catch(() => undefined)
      if ((await Promise.race([ended, late])) !== 'late') return
      const { connection } = client as pg.Client & { connection: { stream: { destroy(): void } } }
      connection.stream.destroy()
    }),
  )
}

export async function disconnectSides(...sides: readonly (ConnectedSide | undefined)[]): Promise<void> {
  await endClient(...sides.flatMap((side) => [side?.app, side?.control]))
}

/** Runs `work` on a connection of its own, ended afterwards whatever happens. */
export async function withClient<T>(
  port: DatabasePort,
  purpose: string,
  work: (client: pg.Client) => Promise<T>,
  database?: string,
): Promise<T> {
  const client = await openClient(port, purpose, database)
  try {
    return await work(client)
  } finally {
    await endClient(client)
  }
}

/** The SQLSTATE of a failed query; undefined for anything else that went wrong. */
export function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/** The first row of a query that always gives one. */
export async function oneRow<R extends pg.QueryResultRow>(
  client: pg.Client,
  text: string,
  values: readonly unknown[] = [],
): Promise<R> {
  const { rows } = await client.query<R>(text, [...values])
  const row = rows[0]
  if (row === undefined) throw new Error(`no row came back from: ${text}`)
  return row
}
