import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { isShutApplyRole } from '../replication/apply-role-name.ts'
import { isAdministrator } from './administrator.ts'
import { SessionsStayError } from './errors.ts'
import { sideName } from '../side-name.ts'
import { oneRow, ownApplicationName } from './connections.ts'
import { sessionWords } from './waiting.ts'

/** Who is no superuser ends no session of one: those of a service's own superusers are reported, as every superuser is. */
const mayBeEnded = `(not exists (select from pg_roles p where p.oid = usesysid and p.rolsuper)
  or (select rolsuper from pg_roles where rolname = current_user))`

/** Sessions of the application and of everybody else; those of the engine's own administrator are left out. */
const foreignSessions = `datname = $1 and backend_type = 'client backend' and pid <> pg_backend_pid()
  and not (usename = $2 and application_name like '${ownApplicationName}%')
  and ${mayBeEnded}`

/**
 * Processes of `pg_stat_activity a` that work in a database without having logged in: workers of extensions, and of subscriptions that are
 * not ours. A worker of a parallel query ends with its session.
 */
export const foreignWorkers = `a.backend_type NOT IN ('client backend', 'walsender', 'autovacuum worker', 'parallel worker')
  AND NOT EXISTS (SELECT FROM pg_stat_subscription w JOIN pg_subscription s ON s.oid = w.subid
                   WHERE w.pid = a.pid AND s.subname ~ '^qianyun_.+_g[0-9]+$')`

export interface Session {
  /** Who, from where, since when, and the first words of the statement. */
  readonly words: string
  readonly ageMs: number
}

/** Transactions on the database that are open for longer than `olderThanMs`, the oldest first. */
export async function longTransactions(
  control: pg.Client,
  port: DatabasePort,
  olderThanMs: number,
): Promise<readonly Session[]> {
  const { rows } = await control.query<Session>(
    `select ${sessionWords} as words,
            (extract(epoch from clock_timestamp() - xact_start) * 1000)::float8 as "ageMs"
       from pg_stat_activity a
      where ${foreignSessions} and clock_timestamp() - xact_start > make_interval(secs => $3 / 1000.0)
      order by xact_start`,
    [port.database, port.adminUser, olderThanMs],
  )
  return rows
}

/** How long these processes of the server have had their sessions, milliseconds; those that are gone have none. */
export async function sessionAges(control: pg.Client, pids: readonly number[]): Promise<readonly number[]> {
  const { rows } = await control.query<{ ms: number }>(
    `select (extract(epoch from clock_timestamp() - backend_start) * 1000)::float8 as ms
       from pg_stat_activity where pid = any ($1)`,
    [[...pids]],
  )
  return rows.map(({ ms }) => ms)
}

/** Superusers other than the engine's own, who pass every fence; they are reported, not stopped. */
export async function otherSuperusers(control: pg.Client, port: DatabasePort): Promise<readonly string[]> {
  const { rows } = await control.query<{ role: string }>(
    'select rolname as role from pg_roles where rolsuper and rolcanlogin and rolname <> $1 order by rolname',
    [port.adminUser],
  )
  return rows.map(({ role }) => role)
}

/**
 * Ends every session on the database and waits until none is left, nor one that is starting. Ending is what really
 * fences: a session that was there before a revoke keeps writing. `pg_terminate_backend` gets no timeout of its own: with one it looks again only
 * each 100 ms.
 * @throws SessionsStayError
 */
export async function terminateSessions(
  control: pg.Client,
  port: DatabasePort,
  signal: AbortSignal,
  timeoutMs = 30_000,
): Promise<readonly EndedSession[]> {
  const text = endSessions(control, port)
  const deadline = performance.now() + timeoutMs
  const ended = new Map<number, EndedSession>()
  for (;;) {
    const [starting, found] = (await control.query(text)) as unknown as [
      { rows: readonly { count: number }[] },
      { rows: readonly EndedSession[] },
    ]
    for (const { pid, words } of found.rows) ended.set(pid, { pid, words })
    if (found.rows.length + (starting.rows[0]?.count ?? 0) === 0) return [...ended.values()]
    signal.throwIfAborted()
    if (performance.now() > deadline)
      throw new SessionsStayError(sideName(port), await sessionsOn(control, port), timeoutMs)
    await sleep(2)
  }
}

async function sessionsOn(control: pg.Client, port: DatabasePort): Promise<readonly string[]> {
  const { rows } = await control.query<{ words: string }>(
    `select ${sessionWords} as words from pg_stat_activity a where ${foreignSessions} order by backend_start limit 10`,
    [port.database, port.adminUser],
  )
  return rows.map(({ words }) => words)
}

/**
 * One message, two statements, in this order: a backend that is starting may have passed its checks before the fence, and
 * is among the sessions only when it has started. Until then it holds a lock on its database.
 */
function endSessions(control: pg.Client, { database, adminUser }: DatabasePort): string {
  const sessions = foreignSessions
    .replace('$1', control.escapeLiteral(database))
    .replace('$2', control.escapeLiteral(adminUser))
  return `select count(*)::int as count from pg_locks
     where locktype = 'object' and classid = 'pg_database'::regclass and mode = 'RowExclusiveLock'
       and objid = (select oid from pg_database where datname = ${control.escapeLiteral(database)});
    select pid, words from (select a.pid, ${sessionWords} as words, pg_terminate_backend(a.pid) as told
                              from pg_stat_activity a where ${sessions} offset 0) e where told`
}

/** A session that a fence has ended. */
export interface EndedSession {
  readonly pid: number
  readonly words: string
}

/** What the catalogs say of a fence. All empty means it holds. */
export interface FenceLook {
  /** Workers of extensions and of foreign subscriptions, by their kind. */
  readonly workers: readonly { readonly kind: string; readonly pid: number }[]
  /** Roles that may log in and still have CONNECT. */
  readonly mayConnect: readonly string[]
  readonly sessions: number
  readonly preparedTransactions: number
}

export async function lookAtFence(control: pg.Client, port: DatabasePort): Promise<FenceLook> {
  return oneRow<Record<string, never> & FenceLook>(
    control,
    `select (select coalesce(array_agg(r.rolname::text), '{}') from pg_roles r
              where r.rolcanlogin and not r.rolsuper and not ${isAdministrator('r')} and not ${isShutApplyRole('r')} and has_database_privilege(r.oid, $1, 'CONNECT')) as "mayConnect",
            (select count(*)::int from pg_stat_activity where ${foreignSessions}) as sessions,
            (select coalesce(json_agg(json_build_object('kind', a.backend_type, 'pid', a.pid)), '[]')
               from pg_stat_activity a where a.datname = $1 and ${foreignWorkers}) as workers,
            (select count(*)::int from pg_prepared_xacts where database = $1) as "preparedTransactions"`,
    [port.database, port.adminUser],
  )
}
