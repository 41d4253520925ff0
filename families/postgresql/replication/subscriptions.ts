import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { outOfSight } from '../copy/out-of-sight.ts'
import { giveToApplyRole, needsApplyRole } from './apply-role.ts'
import { publication } from './publication.ts'
import { mayBeBound } from '../server/client.ts'
import { sqlState } from '../server/connections.ts'
import { powersOf } from '../server/powers.ts'
import { whoIsWaitedFor } from '../server/waiting.ts'
import { messageOf } from '../../../domain/errors.ts'
import type { Said } from '../../../domain/words/message.ts'
import { said } from '../../../domain/words/said.ts'

/**
 * How a subscriber reaches its publisher. It contains the password, so it is used only where `outOfSight` hides it. `demands` says whether the
 * subscriber's libpq knows how to refuse a publisher that asks for the password in a weaker way (16 and newer).
 */
export async function connectionString(
  publisher: DatabasePort,
  { demands }: { readonly demands: boolean },
): Promise<string> {
  const { tls, weakLogin } = publisher
  const parts: readonly (readonly [string, string])[] = [
    ['host', publisher.replicationAddress],
    ['port', String(publisher.port)],
    ['dbname', publisher.database],
    ['user', publisher.adminUser],
    ['password', await publisher.adminPassword()],
    ['connect_timeout', '5'],
    ...(demands ? [['require_auth', requiredAuth(publisher)] as const] : []),
    // Whose certificate it is the subscribing server cannot tell: the authority is the plan's, not the server's. By SCRAM the publisher
    // proves that it holds the key of the certificate it has shown, and the password.
    ...(tls === undefined ? [] : [['sslmode', 'require'] as const]),
    ...(tls === undefined || !mayBeBound(weakLogin) ? [] : [['channel_binding', 'require'] as const]),
  ]
  return parts.map(([key, value]) => `${key}='${value.replace(/[\\']/g, '\\$&')}'`).join(' ')
}

/** The ways to log in that the plan has, as libpq names them. */
function requiredAuth({ weakLogin }: DatabasePort): string {
  switch (weakLogin?.method) {
    case 'password':
    case 'md5':
      return `scram-sha-256,${weakLogin.method}`
    case 'trust':
      return 'scram-sha-256,none'
    case 'few-iterations':
    case 'unbound':
    case undefined:
      return 'scram-sha-256'
  }
}

export interface NewSubscription {
  readonly name: string
  readonly publisher: DatabasePort
  readonly copyData: boolean
  readonly createSlot: boolean
  readonly enabled: boolean
  /** Whether both servers know origins (16 and newer), so that replicated changes are not sent on. */
  readonly originNone: boolean
}

/** On a server before 16 it applies as a role of its own, since it would apply as a superuser. */
export async function createSubscription(client: pg.Client, wanted: NewSubscription): Promise<void> {
  const asRole = await needsApplyRole(client)
  const options = [
    `slot_name = '${wanted.name}'`,
    `create_slot = ${String(wanted.createSlot)}`,
    `copy_data = ${String(wanted.copyData)}`,
    // No worker starts before the subscription has the role that it applies as.
    `enabled = ${String(wanted.enabled && !asRole)}`,
    ...(wanted.originNone ? ['origin = none'] : []),
  ]
  const create = async (demands: boolean): Promise<void> => {
    const conninfo = client.escapeLiteral(await connectionString(wanted.publisher, { demands }))
    await outOfSight(
      client,
      `create subscription ${client.escapeIdentifier(wanted.name)} connection ${conninfo}
         publication ${publication} with (${options.join(', ')})`,
    )
  }
  try {
    await create(true)
  } catch (error) {
    // Older than 16; its libpq may be newer than the server, so that the server itself is asked.
    if (sqlState(error) !== '42601' || !messageOf(error).includes('require_auth')) throw error
    await create(false)
  }
  if (wanted.copyData) await noteFirstCopy(client, wanted.name, firstCopyNote)
  if (!asRole) return
  if (wanted.enabled) await enableSubscription(client, wanted.name)
  else await giveToApplyRole(client, wanted.name)
}

const firstCopyNote = 'Qianyun: the first copy is under way'

async function noteFirstCopy(client: pg.Client, name: string, note: string | null): Promise<void> {
  const written = note === null ? 'null' : client.escapeLiteral(note)
  await client.query(`comment on subscription ${client.escapeIdentifier(name)} is ${written}`)
}

/** Notes on the subscription that its first copy is complete; from then on its database is more than a copy. */
export async function endFirstCopy(client: pg.Client, name: string): Promise<void> {
  await noteFirstCopy(client, name, null)
}

/** Whether the first copy of a subscription is not complete. */
export async function isFirstCopy(client: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_subscription where subname = $1 and obj_description(oid, 'pg_subscription') = $2
        and subdbid = (select oid from pg_database where datname = current_database())`,
    [name, firstCopyNote],
  )
  return rowCount !== 0
}

/** Enables a subscription, which another run may have left before it had the role that it applies as. */
export async function enableSubscription(client: pg.Client, name: string): Promise<void> {
  await giveToApplyRole(client, name)
  await client.query(`alter subscription ${client.escapeIdentifier(name)} enable`)
}

/**
 * Enables a subscription from a position in the WAL of its publisher. The position is kept on this side, because an advanced slot loses
 * it when its server crashes.
 */
export async function followFrom(client: pg.Client, name: string, lsn: string): Promise<void> {
  const { setsOrigins } = await powersOf(client)
  if (!setsOrigins)
    return client.query(`alter subscription ${client.escapeIdentifier(name)} enable`).then(() => undefined)
  await client.query(
    `select pg_replication_origin_advance(format('pg_%s', oid), ${client.escapeLiteral(lsn)}) from pg_subscription
      where subname = ${client.escapeLiteral(name)} and subdbid = (select oid from pg_database where datname = current_database());
     alter subscription ${client.escapeIdentifier(name)} enable`,
  )
}

export async function disableSubscription(client: pg.Client, name: string): Promise<void> {
  await client.query(`alter subscription ${client.escapeIdentifier(name)} disable`)
}

/** Drops a subscription without its slot on the other side. Idempotent. */
export async function detachSubscription(client: pg.Client, name: string): Promise<void> {
  const found = await findSubscription(client, name)
  if (found === undefined) return
  const quoted = client.escapeIdentifier(name)
  if (found.enabled) await client.query(`alter subscription ${quoted} disable`)
  await client.query(`alter subscription ${quoted} set (slot_name = none)`)
  await client.query(`drop subscription ${quoted}`)
}

/** Drops a subscription with its slots on the other side, including those of tables that are still being copied. */
export async function dropSubscription(client: pg.Client, name: string): Promise<void> {
  await disableSubscription(client, name)
  const quoted = client.escapeIdentifier(name)
  for (let left = 20; ; left--) {
    try {
      await client.query(`drop subscription ${quoted}`)
      return
    } catch (error) {
      // 55006: the other side has not noticed that its reader is gone.
      if (left === 0 || sqlState(error) !== '55006') throw error
      await sleep(250)
    }
  }
}

export interface SubscriptionLook {
  readonly name: string
  readonly enabled: boolean
  readonly slot: string | null
  readonly applyRunning: boolean
  readonly applyErrors: number | null
  readonly copyErrors: number | null
  /** Tables whose first copy is not complete. */
  readonly notReady: readonly string[]
  /** Those whose copy was interrupted: it had begun, no worker runs it, and the server will begin it again. */
  readonly interrupted: readonly string[]
}

/** The subscriptions of the database the client is connected to. */
export async function listSubscriptions(client: pg.Client): Promise<readonly SubscriptionLook[]> {
  const hasStats = await hasSubscriptionStats(client)
  const counted = (column: string): string =>
    hasStats ? `(select ${column}::int from pg_stat_subscription_stats e where e.subid = s.oid)` : 'null::int'
  const { rows } = await client.query<SubscriptionLook>(
    `select s.subname::text as name, s.subenabled as enabled, s.subslotname::text as slot,
            exists (select from pg_stat_subscription w
                     where w.subid = s.oid and w.pid is not null and w.relid is null) as "applyRunning",
            ${counted('apply_error_count')} as "applyErrors", ${counted('sync_error_count')} as "copyErrors",
            (select coalesce(array_agg(r.srrelid::regclass::text order by 1), '{}') from pg_subscription_rel r
              where r.srsubid = s.oid and r.srsubstate <> 'r') as "notReady",
            (select coalesce(array_agg(r.srrelid::regclass::text order by 1), '{}') from pg_subscription_rel r
              where r.srsubid = s.oid and r.srsubstate in ('d', 'f')
                and not exists (select from pg_stat_subscription w
                                 where w.subid = s.oid and w.relid = r.srrelid and w.pid is not null)) as "interrupted"
       from pg_subscription s join pg_database d on d.oid = s.subdbid and d.datname = current_database()`,
  )
  return rows
}

/** pg_stat_subscription_stats came with PostgreSQL 15. */
async function hasSubscriptionStats(client: pg.Client): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_catalog.pg_class where relname = 'pg_stat_subscription_stats'`,
  )
  return rowCount !== 0
}

export async function findSubscription(
  client: pg.Client,
  name: string,
): Promise<SubscriptionLook | undefined> {
  return (await listSubscriptions(client)).find((one) => one.name === name)
}

/** Why a subscription applies nothing at this moment; undefined while a worker applies. */
export async function whyStandingStill(client: pg.Client, name: string): Promise<Said | undefined> {
  return whyStill(name, await findSubscription(client, name))
}

function whyStill(name: string, found: SubscriptionLook | undefined): Said | undefined {
  if (found === undefined) return said('cause-no-subscription', { subscription: name })
  if (!found.enabled) return said('cause-subscription-disabled', { subscription: name })
  return found.applyRunning ? undefined : said('cause-no-apply-worker', { subscription: name })
}

/** Why a subscription does not apply, for people; undefined if no reason shows. */
export async function whyNotApplying(client: pg.Client, name: string): Promise<Said | undefined> {
  const found = await findSubscription(client, name)
  const still = whyStill(name, found)
  if (found === undefined || still !== undefined) return still
  const holders = await whoIsWaitedFor(client, name)
  if (holders.length > 0) return said('cause-apply-waits', { holders })
  const { applyErrors, notReady } = found
  if (applyErrors !== null && applyErrors > 0) return said('cause-apply-errors', { count: applyErrors })
  return notReady.length > 0 ? said('cause-tables-not-copied', { tables: notReady }) : undefined
}

/** The tables that a side is to publish, which are all its tables: where the publication lists them, one may be missing. */
export async function publishedTables(publisher: pg.Client): Promise<readonly string[]> {
  const { rows } = await publisher.query<{ name: string }>(
    `with published as (select schemaname, tablename from pg_publication_tables where pubname = $1)
     select format('%I.%I', schemaname, tablename) as name from published
      union all
     select format('%I.%I', n.nspname, c.relname)
       from pg_publication p, pg_class c join pg_namespace n on n.oid = c.relnamespace
      where p.pubname = $1 and not p.puballtables and c.relkind = 'r' and c.relpersistence = 'p'
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from published t where t.schemaname = n.nspname and t.tablename = c.relname)
      order by 1`,
    [publication],
  )
  return rows.map(({ name }) => name)
}

/**
 * The published tables that a subscription does not follow, because they are newer than it. Their rows are sent, and the subscriber
 * drops them silently.
 */
export async function tablesNotFollowed(
  subscriber: pg.Client,
  name: string,
  published: readonly string[],
): Promise<readonly string[]> {
  const { rows } = await subscriber.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_subscription_rel r join pg_subscription s on s.oid = r.srsubid
       join pg_class c on c.oid = r.srrelid join pg_namespace n on n.oid = c.relnamespace
      where s.subname = $1 and r.srsubstate = 'r'`,
    [name],
  )
  // A server quotes the words that its version keeps for itself.
  const plain = (table: string) => table.replace(/"([a-z_][a-z0-9_$]*)"/g, '$1')
  const followed = new Set(rows.map((row) => plain(row.name)))
  return published.filter((table) => !followed.has(plain(table)))
}

/**
 * Disables a subscription and waits until its apply worker has ended. The worker is terminated, because on servers before 16 it would
 * notice only up to a second later.
 */
export async function stopSubscription(client: pg.Client, name: string, signal: AbortSignal): Promise<void> {
  // This commit does not wait for the disk; the next synchronous commit flushes it too.
  await client.query('set synchronous_commit = off')
  await disableSubscription(client, name)
  await client.query('set synchronous_commit = on')
  for (;;) {
    const { rowCount } = await client.query(
      'select pg_terminate_backend(pid) from pg_stat_subscription where subname = $1 and pid is not null',
      [name],
    )
    if (rowCount === 0) return
    signal.throwIfAborted()
    await sleep(1)
  }
}

export async function serverMajor(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ version: number }>(
    `select current_setting('server_version_num')::int / 10000 as version`,
  )
  return rows[0]?.version ?? 0
}
