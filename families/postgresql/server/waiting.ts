import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { LockNotGottenError } from './errors.ts'
import { type NamedSide, sideName } from '../side-name.ts'
import { ownApplicationName, sqlState } from './connections.ts'

/**
 * A session of `pg_stat_activity a` in words: who, from where, since when, and the first words of its statement, which end
 * before the first value in it.
 */
export const sessionWords = `format('process %s of role "%s" in database "%s" (application "%s"%s), open since %s UTC: %s',
  a.pid, a.usename, a.datname, a.application_name, coalesce(', from ' || host(a.client_addr), ''),
  to_char(coalesce(a.xact_start, a.backend_start) at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'),
  coalesce(nullif(left(regexp_replace(regexp_replace(a.query, '[''$].*', ''), '\\s+', ' ', 'g'), 60), ''), '-'))`

/** Whom a statement that is tried again and again is told of. */
export interface Patience {
  readonly timeoutMs: number
  readonly signal?: AbortSignal
  readonly say: (line: string) => void
}

const oneTryMs = 1_500
/** Long enough for those that queued behind a try to be served. */
const betweenTriesMs = 1_000

/**
 * Runs statements that take a lock which everybody on a table queues behind. Each try gives up soon and lets them through; who
 * holds the lock is said, and named when time is up.
 * @throws LockNotGottenError
 */
export async function withShortLocks(
  { client, side }: { readonly client: pg.Client; readonly side: NamedSide },
  tables: readonly string[],
  { timeoutMs, signal, say }: Patience,
  work: () => Promise<void>,
): Promise<void> {
  const deadline = performance.now() + timeoutMs
  let lastSaid = ''
  for (;;) {
    signal?.throwIfAborted()
    try {
      await client.query(`begin; set local lock_timeout = ${String(oneTryMs)}`)
      await work()
      await client.query('commit')
      return
    } catch (error) {
      await client.query('rollback')
      // 55P03: the lock was not to be had in time; 40P01: whoever holds it waits for one of ours.
      if (!['55P03', '40P01'].includes(sqlState(error) ?? '')) throw error
    }
    const holders = await holdersOf(client, tables)
    const words = `${sideName(side)}: ${tables.slice(0, 3).join(', ')} in use by ${holders.length === 0 ? 'nobody any more' : holders.join('; ')}`
    if (words !== lastSaid) say(`waiting, and trying again: ${words}`)
    lastSaid = words
    if (performance.now() > deadline) throw new LockNotGottenError(sideName(side), tables, holders, timeoutMs)
    await sleep(betweenTriesMs, undefined, signal === undefined ? {} : { signal })
  }
}

/** Who holds locks on tables, each in words. */
async function holdersOf(client: pg.Client, tables: readonly string[]): Promise<readonly string[]> {
  const { rows } = await client.query<{ words: string }>(
    `select distinct on (a.pid) ${sessionWords} as words
       from pg_locks l join pg_stat_activity a on a.pid = l.pid
      where l.locktype = 'relation' and l.granted and l.pid <> pg_backend_pid()
        and l.database = (select oid from pg_database where datname = current_database())
        and l.relation in (select to_regclass(name) from unnest($1::text[]) name)
      order by a.pid limit 10`,
    [[...tables]],
  )
  return rows.map(({ words }) => words)
}

/**
 * Whom the workers of a subscription wait for, each in words: a TRUNCATE that is applied waits for every reader of the table. A
 * transaction that is prepared has no process, and is found by the table it locks. Ours are left out, which end by themselves.
 */
export async function whoIsWaitedFor(client: pg.Client, subscription: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ words: string }>(
    `with waiting as (select pid from pg_stat_subscription where subname = $1 and pid is not null)
     select ${sessionWords} as words from pg_stat_activity a
      where a.pid in (select holder from waiting, unnest(pg_blocking_pids(pid)) holder)
        and not (a.usename = session_user and a.application_name like '${ownApplicationName}-%')
     union all
     select ${preparedWords} from pg_prepared_xacts p
      where exists (select from waiting, unnest(pg_blocking_pids(pid)) holder where holder = 0)
        and exists (select from pg_locks wanted join pg_locks held on (held.database, held.relation) = (wanted.database, wanted.relation)
                       join pg_locks own on own.virtualtransaction = held.virtualtransaction
                     where wanted.pid in (select pid from waiting) and not wanted.granted and held.pid is null and own.pid is null
                       and own.locktype = 'transactionid' and own.transactionid = p.transaction)
      limit 5`,
    [subscription],
  )
  return rows.map(({ words }) => words)
}

const momentMs = 1_000

/** Those of {@link whoIsWaitedFor} that are waited for over more than a moment. */
export async function whoIsStillWaitedFor(
  client: pg.Client,
  subscription: string,
): Promise<readonly string[]> {
  const first = await whoIsWaitedFor(client, subscription)
  if (first.length === 0) return []
  await sleep(momentMs)
  return whoIsWaitedFor(client, subscription)
}

/** A prepared transaction of `pg_prepared_xacts p` in words. */
const preparedWords = `format('prepared transaction "%s" of role "%s" in database "%s", since %s UTC', p.gid, p.owner,
  p.database, to_char(p.prepared at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS'))`

/**
 * Write transactions open on the server, in whichever database, each in words: a new slot waits for all of them. One that is
 * prepared has no process.
 */
export async function writeTransactions(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ words: string }>(
    `select words from (
       select a.xact_start as since, ${sessionWords} as words from pg_stat_activity a
        where a.backend_xid is not null and a.pid <> pg_backend_pid()
       union all
       select p.prepared, ${preparedWords}
         from pg_prepared_xacts p) open order by since limit 10`,
  )
  return rows.map(({ words }) => words)
}
