import type pg from 'pg'
import type { DatabasePort } from '../../../runner/steps/kind.ts'
import type { CensusProblem } from '../errors.ts'
import { countLargeObjects } from '../copy/large-objects.ts'
import { oneRow } from '../server/connections.ts'
import { isLink } from '../replication/slots.ts'
import { listSubscriptions, serverMajor } from '../replication/subscriptions.ts'

/** Waivers: name of the object → the reason a person gave. */
export type Waivers = Readonly<Record<string, string>>

/** The waiver that lets large objects be copied at the switch instead of being replicated. */
export const largeObjectWaiver = 'large-objects'

interface Table {
  readonly name: string
  readonly identity: 'd' | 'n' | 'f' | 'i'
  readonly key: boolean
  readonly unlogged: boolean
}

async function tables(client: pg.Client): Promise<readonly Table[]> {
  const { rows } = await client.query<Table>(
    `select format('%I.%I', n.nspname, c.relname) as name, c.relreplident as identity, c.relpersistence = 'u' as unlogged,
            exists (select from pg_index i where i.indrelid = c.oid and i.indisvalid
                       and case c.relreplident when 'i' then i.indisreplident
                                               else i.indisprimary and i.indimmediate end) as key
       from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and c.relpersistence <> 't'
        and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast' order by 1`,
  )
  return rows
}

/** Tables whose updates and deletes would fail as soon as they are published. */
export async function tablesWithoutIdentity(client: pg.Client): Promise<readonly CensusProblem[]> {
  return (await tables(client))
    .filter(({ identity, key, unlogged }) => !unlogged && identity !== 'f' && (identity === 'n' || !key))
    .map(({ name }) => ({
      code: 'table-without-key',
      object: name,
      sentence: `Table "${name}" has no primary key, or one that is deferrable: once it is published, the application's updates and deletes on it fail. Give it a key, or waive it under the name "${name}": its whole rows then serve as the key (REPLICA IDENTITY FULL).`,
    }))
}

/** Tables that a waiver lets go by their whole rows. */
export async function waivedTables(client: pg.Client, waivers: Waivers): Promise<readonly string[]> {
  const found = await tablesWithoutIdentity(client)
  return found.map(({ object }) => object).filter((name) => waivers[name] !== undefined)
}

/** Tables that go by their whole rows since a waiver let them; named by the catalog, whatever a waiver is called. */
export async function wholeRowTables(client: pg.Client, waivers: Waivers): Promise<readonly string[]> {
  const full = (await tables(client)).filter(({ identity }) => identity === 'f')
  return full.map(({ name }) => name).filter((name) => waivers[name] !== undefined)
}

/** What one database holds that logical replication does not carry or breaks on. */
export async function databaseProblems(
  client: pg.Client,
  port: DatabasePort,
  waivers: Waivers,
): Promise<readonly CensusProblem[]> {
  const problems = [...(await tablesWithoutIdentity(client))]
  for (const { name, unlogged } of await tables(client)) {
    if (!unlogged) continue
    problems.push({
      code: 'unlogged-table',
      object: name,
      sentence: `Table "${name}" is unlogged, so its rows are not replicated. Make it logged ("alter table ${name} set logged"), or waive it under the name "${name}": it then arrives empty.`,
    })
  }
  problems.push(...(await largeObjectProblems(client, port)), ...(await firingTriggers(client)))
  problems.push(...(await foreignSubscriptions(client, port)))
  const { prepared } = await oneRow<{ prepared: number }>(
    client,
    'select count(*)::int as prepared from pg_prepared_xacts where database = current_database()',
  )
  if (prepared > 0) {
    problems.push({
      code: 'prepared-transactions',
      object: port.database,
      sentence: `Database "${port.database}" holds ${prepared} prepared transactions. Let them be committed or rolled back.`,
    })
  }
  return problems.filter(({ object }) => waivers[object] === undefined)
}

/** Large objects, which no publication carries. */
export async function largeObjectProblems(
  client: pg.Client,
  port: DatabasePort,
): Promise<readonly CensusProblem[]> {
  const count = await countLargeObjects(client)
  if (count === 0) return []
  return [
    {
      code: 'large-objects',
      object: largeObjectWaiver,
      sentence: `Database "${port.database}" holds ${count} large objects, which are not replicated. Move them into a bytea column, or waive them under the name "${largeObjectWaiver}": they are then copied while the writers wait, at each switch.`,
    },
  ]
}

/** Triggers that fire where rows are applied too: what they write arrives there a second time, by itself. */
async function firingTriggers(client: pg.Client): Promise<readonly CensusProblem[]> {
  const { rows } = await client.query<{ table: string; name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as table, format('%I', t.tgname) as name
       from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
      where t.tgenabled in ('A', 'R') and not t.tgisinternal order by 1, 2`,
  )
  return rows.map(({ table, name }) => ({
    code: 'trigger-fires-on-apply',
    object: `${table}.${name}`,
    sentence: `Trigger "${name}" of table "${table}" is enabled as ALWAYS or REPLICA, so it fires on the side that follows as well: rows it writes would be there twice, or stop replication. Enable it as usual ("alter table ${table} enable trigger ${name}"), or waive it under the name "${table}.${name}" when it writes nothing here.`,
  }))
}

/** Enabled subscriptions of somebody else: their workers write past every fence, and one of them can be left behind. */
export async function foreignSubscriptions(
  client: pg.Client,
  port: DatabasePort,
): Promise<readonly CensusProblem[]> {
  const found = (await listSubscriptions(client)).filter(({ enabled }) => enabled)
  return found
    .filter(({ name }) => !isLink(name))
    .map(({ name }) => ({
      code: 'foreign-subscription',
      object: name,
      sentence: `Subscription "${name}" writes into database "${port.database}" from elsewhere, past every fence. Disable it ("alter subscription ${name} disable"), and make one like it on the side that serves afterwards.`,
    }))
}

interface ServerSettings {
  readonly walLevel: string
  readonly slots: number
  readonly slotsUsed: number
  readonly senders: number
  readonly sendersUsed: number
  readonly workers: number
  readonly idleTimeout: string | null
  readonly superuser: boolean
}

/** What keeps a server from publishing: the settings matter on both sides, because the way back makes each a publisher. */
export async function endpointProblems(
  client: pg.Client,
  port: DatabasePort,
  { needsFreeSlot }: { needsFreeSlot: boolean },
): Promise<readonly CensusProblem[]> {
  const found = await oneRow<ServerSettings & Record<string, unknown>>(
    client,
    `select current_setting('wal_level') as "walLevel",
            current_setting('max_replication_slots')::int as slots,
            (select count(*)::int from pg_replication_slots) as "slotsUsed",
            current_setting('max_wal_senders')::int as senders,
            (select count(*)::int from pg_stat_activity where backend_type = 'walsender') as "sendersUsed",
            current_setting('max_logical_replication_workers')::int as workers,
            current_setting('idle_replication_slot_timeout', true) as "idleTimeout",
            (select rolsuper from pg_roles where rolname = current_user) as superuser`,
  )
  const where = `${port.address}:${String(port.port)}`
  const problems: CensusProblem[] = []
  const report = (code: string, sentence: string) => problems.push({ code, object: where, sentence })
  if (!found.superuser) {
    report(
      'not-superuser',
      `Role "${port.adminUser}" on server "${where}" is no superuser, which fences, subscriptions and event triggers need. Name an administrator that is.`,
    )
  }
  if (found.walLevel !== 'logical') {
    report(
      'wal-level',
      `Server "${where}" runs with wal_level "${found.walLevel}", where "logical" is needed. Set "wal_level = logical" and restart it; that takes a maintenance window.`,
    )
  }
  if (needsFreeSlot && found.slotsUsed >= found.slots) {
    report(
      'replication-slots-full',
      `All ${found.slots} replication slots of server "${where}" are taken. Drop slots nobody uses, or raise max_replication_slots and restart it.`,
    )
  }
  if (found.sendersUsed >= found.senders) {
    report(
      'wal-senders-full',
      `All ${found.senders} WAL senders of server "${where}" are taken. Raise max_wal_senders and restart it.`,
    )
  }
  if (found.workers < 2) {
    report(
      'replication-workers',
      `Server "${where}" allows ${found.workers} logical replication workers, where at least 2 are needed. Raise max_logical_replication_workers and restart it.`,
    )
  }
  if (found.idleTimeout !== null && !/^0\D*$/.test(found.idleTimeout)) {
    report(
      'idle-slot-timeout',
      `Server "${where}" invalidates idle slots after "${found.idleTimeout}", which would end the way back unnoticed. Set "idle_replication_slot_timeout = 0".`,
    )
  }
  return problems
}

/** What two databases must have in common. */
export async function pairProblems(
  from: { client: pg.Client; port: DatabasePort },
  to: { client: pg.Client; port: DatabasePort },
): Promise<readonly CensusProblem[]> {
  const problems: CensusProblem[] = []
  const [older, newer] = await Promise.all([serverMajor(from.client), serverMajor(to.client)])
  if (newer < older) {
    problems.push({
      code: 'target-older',
      object: to.port.database,
      sentence: `The new server is PostgreSQL "${newer}", older than the old side's "${older}". Take one at least as new.`,
    })
  }
  const encodings = await Promise.all([encoding(from.client), encoding(to.client)])
  if (encodings[0] !== encodings[1]) {
    problems.push({
      code: 'encoding-differs',
      object: to.port.database,
      sentence: `Database "${to.port.database}" has the encoding "${encodings[1]}", the old one "${encodings[0]}". Make it anew with the same encoding.`,
    })
  }
  return [...problems, ...(await extensionProblems(from.client, to))]
}

async function encoding(client: pg.Client): Promise<string> {
  const { encoding: found } = await oneRow<{ encoding: string }>(
    client,
    'select pg_encoding_to_char(encoding) as encoding from pg_database where datname = current_database()',
  )
  return found
}

async function extensionProblems(
  from: pg.Client,
  to: { client: pg.Client; port: DatabasePort },
): Promise<readonly CensusProblem[]> {
  const { rows } = await from.query<{ name: string }>(
    `select extname as name from pg_extension where extname <> 'plpgsql'`,
  )
  const names = rows.map(({ name }) => name)
  const { rows: missing } = await to.client.query<{ name: string }>(
    'select name from unnest($1::text[]) name where name not in (select e.name from pg_available_extensions e)',
    [names],
  )
  return missing.map(({ name }) => ({
    code: 'extension-missing',
    object: name,
    sentence: `Extension "${name}" is not available on the server of "${to.port.database}". Install its package there.`,
  }))
}
