import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { oneRow, sqlState, withClient } from '../server/connections.ts'
import { findServed, findState } from '../server/control.ts'
import { controlDatabase } from '../server/control-schema.ts'
import { DatabaseServedError, TargetNotEmptyError } from '../errors.ts'
import { isHalfMade } from './half-made.ts'
import { dropPouringRole } from './pouring-role.ts'
import { TargetServesError } from './errors.ts'
import { dropApplyRoleOf } from '../replication/apply-role.ts'
import { serverMajor } from '../replication/subscriptions.ts'
import { sideName } from '../side-name.ts'

/** Whether a server has the database, and what tables of the application are in it; those that an interrupted copy has left do not count. */
export async function lookForDatabase(port: DatabasePort): Promise<{
  readonly exists: boolean
  readonly tables: readonly string[]
  readonly isHalfMade: boolean
}> {
  const exists = await withClient(
    port,
    'look',
    async (client) => {
      const { rowCount } = await client.query('select from pg_database where datname = $1', [port.database])
      return rowCount === 1
    },
    'postgres',
  )
  if (!exists) return { exists, tables: [], isHalfMade: false }
  return withClient(port, 'look', async (client) => {
    const half = await isHalfMade(client)
    return { exists, tables: half ? [] : await applicationTables(client), isHalfMade: half }
  })
}

async function applicationTables(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where c.relkind in ('r', 'p') and n.nspname not in ('pg_catalog', 'information_schema', 'qianyun')
        and n.nspname !~ '^pg_(toast|temp)' order by 1`,
  )
  return rows.map(({ name }) => name)
}

/** What sorts the text of a database, as its catalog has it. */
interface Collated extends Record<string, unknown> {
  /** `c` is the system's library, `i` ICU, `b` the server itself. */
  readonly provider: string
  readonly locale: string | null
  readonly rules: string | null
}

function providerOf(client: pg.Client, { provider, locale, rules }: Collated): string {
  if (provider === 'c' || locale === null) return 'locale_provider libc'
  const written = client.escapeLiteral(locale)
  if (provider === 'b') return `locale_provider builtin builtin_locale ${written}`
  return `locale_provider icu icu_locale ${written}${rules === null ? '' : ` icu_rules ${client.escapeLiteral(rules)}`}`
}

/** Makes an empty database like `from` on the server of `to`, when there is none. True when it was made. */
export async function makeDatabase(from: DatabasePort, to: DatabasePort): Promise<boolean> {
  if ((await lookForDatabase(to)).exists) return false
  const like = await withClient(from, 'copy', async (client) =>
    oneRow<Collated & { encoding: string; collate: string; ctype: string; owner: string }>(
      client,
      `select pg_encoding_to_char(encoding) as encoding, datcollate as collate, datctype as ctype,
              coalesce(to_jsonb(d) ->> 'datlocprovider', 'c') as provider,
              coalesce(to_jsonb(d) ->> 'datlocale', to_jsonb(d) ->> 'daticulocale') as locale,
              to_jsonb(d) ->> 'daticurules' as rules,
              datdba::regrole::text as owner from pg_database d where datname = current_database()`,
    ),
  )
  await withClient(
    to,
    'copy',
    async (client) => {
      const provider = (await serverMajor(client)) >= 15 ? providerOf(client, like) : ''
      const { rowCount } = await client.query(
        'select from pg_roles r where quote_ident(r.rolname) = $1 and (not r.rolsuper or (select m.rolsuper from pg_roles m where m.rolname = current_user))',
        [like.owner],
      )
      const owner = rowCount === 1 ? `owner ${like.owner}` : ''
      await client.query(
        `create database ${client.escapeIdentifier(to.database)} template template0 ${owner} ${provider}
           encoding ${client.escapeLiteral(like.encoding)} lc_collate ${client.escapeLiteral(like.collate)}
           lc_ctype ${client.escapeLiteral(like.ctype)}`,
      )
    },
    'postgres',
  )
  return true
}

/** What makes it right to drop a database that served, and whose writes may be nowhere else. */
export type Expendable =
  /** It is a rehearsal's own, which nobody but the rehearsal has written to. */
  | { readonly rehearsal: true }
  /** Somebody has decided to give it up, and a dump of it is kept there. */
  | { readonly dump: string }

/**
 * Drops a database whoever is connected to it. Absent is fine. One that was open since it was filled stays, unless what it took is
 * known to be on the other side, or `expendable` says why it may go.
 * @throws TargetServesError, DatabaseServedError
 */
export async function dropDatabase(port: DatabasePort, expendable?: Expendable): Promise<void> {
  await assertNotServing(port)
  if (expendable === undefined) await assertHandedOver(port)
  await withClient(
    port,
    'drop',
    async (client) => {
      const version = await serverMajor(client)
      const name = client.escapeIdentifier(port.database)
      await client.query(`drop database if exists ${name}${version >= 13 ? ' with (force)' : ''}`)
      await dropApplyRoleOf(client, port.database)
      await dropPouringRole(client, port.database)
    },
    'postgres',
  )
}

/** A side that serves is never dropped or written over. */
async function assertNotServing(port: DatabasePort): Promise<void> {
  const state = await onRecord(port, async (control) => findState(control, port.database))
  if (state?.state === 'open') throw new TargetServesError(sideName(port))
}

/** @throws DatabaseServedError */
async function assertHandedOver(port: DatabasePort): Promise<void> {
  const served = await onRecord(port, async (control) => findServed(control, port.database))
  if (served !== undefined) throw new DatabaseServedError(sideName(port), served.generation, served.openedAt)
}

async function onRecord<T>(
  port: DatabasePort,
  look: (control: pg.Client) => Promise<T | undefined>,
): Promise<T | undefined> {
  return withClient(port, 'look', look, controlDatabase).catch((error: unknown) => {
    // No control database, or none that is complete: no side was ever recorded on this server.
    if (['3D000', '42P01'].includes(sqlState(error) ?? '')) return undefined
    throw error
  })
}

/**
 * Empties the way for a copy: a database that holds nothing of the application is fine as it is.
 * @throws TargetNotEmptyError unless `replace`, TargetServesError, DatabaseServedError
 */
export async function clearTarget(
  to: DatabasePort,
  replace: boolean,
  expendable?: Expendable,
): Promise<void> {
  const { exists, tables, isHalfMade: half } = await lookForDatabase(to)
  if (half) return dropDatabase(to, expendable)
  if (!exists || tables.length === 0) return
  if (!replace) throw new TargetNotEmptyError(sideName(to), tables)
  await dropDatabase(to, expendable)
}
