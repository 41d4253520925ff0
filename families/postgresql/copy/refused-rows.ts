import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import { recoverSession, sessionAs, sqlState } from '../server/connections.ts'
import { declareAsOwner } from '../server/read-as-owner.ts'

/** A table some row of which a database does not take, and what the server says of it. */
export interface RefusedRow {
  readonly table: string
  readonly message: string
}

const rowsAtOnce = 2_000
/** What is held here at the same time. */
const bytesAtOnce = 8 * 2 ** 20
/** A row that is larger is passed over: it would have to be held as a whole. */
const rowBytesAtMost = 64 * 2 ** 20
/** Who looks longer than this has seen what a copy stops at early on, which most do. */
const lookMs = 20_000
const limits = `set local statement_timeout = ${String(lookMs)}; set local lock_timeout = '2s'; ${sessionAs('replica', 'local')}`

/**
 * Finds out why copies of tables fail, whose server says so in its log alone: puts their rows in as a copy does, and takes
 * them out again. A row that the publisher cannot give out is one as well. Undefined when they are taken, as far as it got. Whatever runs for a row runs as the table's owner, in a
 * function that cannot change its role.
 */
export async function whyRowsAreRefused(
  publisher: pg.Client,
  subscriber: pg.Client,
  tables: readonly string[],
): Promise<RefusedRow | undefined> {
  for (const table of tables.slice(0, 5)) {
    const message = await whyRefused(publisher, subscriber, table)
    if (message !== undefined) return { table, message }
  }
  return undefined
}

async function whyRefused(
  publisher: pg.Client,
  subscriber: pg.Client,
  table: string,
): Promise<string | undefined> {
  const columns = await writtenColumns(subscriber, table)
  if (columns.length === 0) return undefined
  await publisher.query('begin isolation level repeatable read')
  await subscriber.query(`begin; ${limits}`)
  try {
    await prepareTrial(subscriber, table, columns)
    await declareRows(publisher, table, columns)
    const until = performance.now() + lookMs
    const sizes: number[] = []
    while (performance.now() < until) {
      const rows = await nextRows(publisher, sizes)
      if (typeof rows === 'string') return rows
      if (rows === undefined) return undefined
      if (rows.length === 0) continue
      const refused = await takeRows(subscriber, columns.length, rows)
      if (refused !== undefined) return refused
    }
    return undefined
  } finally {
    await publisher.query('rollback')
    await subscriber.query('rollback')
  }
}

/** Two cursors that go through the same rows in the same order: their sizes, and what is in them. */
async function declareRows(publisher: pg.Client, table: string, columns: readonly Column[]): Promise<void> {
  // A cast of a type that others have made may be a function of theirs, too; the way out of a type is the server's.
  const texts = columns.map(({ name, isBuiltIn }) =>
    isBuiltIn ? `${name}::text` : `case when num_nulls(${name}) = 0 then format('%s', ${name}) end`,
  )
  const size = texts.map((text) => `coalesce(octet_length(${text}), 0)::float8`).join(' + ')
  await publisher.query('set local synchronize_seqscans = off')
  await declareAsOwner(publisher, table, [
    `declare qianyun_sizes no scroll cursor for select ${size} from only ${table}`,
    `declare qianyun_rows no scroll cursor for select ${texts.join(', ')} from only ${table}`,
  ])
}

/**
 * The next rows, as many as fit, and undefined after the last; or what the server says of one that it cannot give out, because it is damaged or
 * too large. `sizes` keeps what is known of the rows ahead.
 */
async function nextRows(
  publisher: pg.Client,
  sizes: number[],
): Promise<readonly (readonly string[])[] | string | undefined> {
  const fetch = async <R extends unknown[]>(count: number, cursor: string): Promise<readonly R[]> =>
    (await publisher.query<R>({ text: `fetch ${String(count)} from ${cursor}`, rowMode: 'array' })).rows
  try {
    if (sizes.length === 0)
      sizes.push(...(await fetch<[number]>(rowsAtOnce, 'qianyun_sizes')).map(([size]) => size))
    if (sizes.length === 0) return undefined
    if ((sizes[0] ?? 0) > rowBytesAtMost) {
      sizes.shift()
      await publisher.query('move 1 from qianyun_rows')
      return []
    }
    let [count, bytes] = [0, 0]
    while (count < sizes.length && (count === 0 || bytes + (sizes[count] ?? 0) <= bytesAtOnce))
      bytes += sizes[count++] ?? 0
    sizes.splice(0, count)
    return await fetch<string[]>(count, 'qianyun_rows')
  } catch (error) {
    const state = sqlState(error)
    // The connection, or the server itself, has ended.
    if (state === undefined || /^(08|57)/.test(state)) throw error
    return messageOf(error)
  }
}

interface Column {
  readonly name: string
  readonly type: string
  readonly isBuiltIn: boolean
}

/** Columns a copy writes: generated ones are computed anew. */
async function writtenColumns(client: pg.Client, table: string): Promise<readonly Column[]> {
  const { rows } = await client.query<Column>(
    `select quote_ident(a.attname) as name, format_type(a.atttypid, a.atttypmod) as type, a.atttypid < 16384 as "isBuiltIn" from pg_attribute a
      where a.attrelid = $1::regclass and a.attnum > 0 and not a.attisdropped
        and coalesce(to_jsonb(a) ->> 'attgenerated', '') = '' order by a.attnum`,
    [table],
  )
  return rows
}

/** The rows come in as text; a function of the owner's makes values of them and puts them in. */
async function prepareTrial(client: pg.Client, table: string, columns: readonly Column[]): Promise<void> {
  const owner = await oneOwner(client, table)
  const texts = columns.map((_, n) => `c${String(n)} text`).join(', ')
  const names = columns.map(({ name }) => name).join(', ')
  const values = columns.map(({ type }, n) => `c${String(n)}::${type}`).join(', ')
  await client.query(`
    create schema if not exists qianyun;
    create table qianyun.trial_row (${texts});
    create function qianyun.trial() returns void language plpgsql security definer set search_path = '' as ${client.escapeLiteral(
      `begin insert into ${table} (${names}) overriding system value select ${values} from qianyun.trial_row; end`,
    )};
    grant usage, create on schema qianyun to ${owner}; grant select on qianyun.trial_row to ${owner};
    alter function qianyun.trial() owner to ${owner}`)
}

async function oneOwner(client: pg.Client, table: string): Promise<string> {
  const { rows } = await client.query<{ owner: string }>(
    'select relowner::regrole::text as owner from pg_class where oid = $1::regclass',
    [table],
  )
  return rows[0]?.owner ?? 'current_user'
}

async function takeRows(
  client: pg.Client,
  width: number,
  rows: readonly (readonly (string | null)[])[],
): Promise<string | undefined> {
  const columns = Array.from({ length: width }, (_, n) => rows.map((row) => row[n] ?? null))
  const arrays = columns.map((_, n) => `$${String(n + 1)}::text[]`).join(', ')
  await client.query('truncate qianyun.trial_row')
  await client.query(`insert into qianyun.trial_row select * from unnest(${arrays})`, columns)
  try {
    await client.query('select qianyun.trial()')
    await recoverSession(client)
    await client.query(limits)
    return undefined
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    // Waited too long, for time or for a lock: that says nothing of the rows.
    if (['57014', '55P03'].includes(sqlState(error) ?? '')) return undefined
    return messageOf(error)
  }
}

/** Whether checks of tables call functions of the database's own. */
export async function callsFunctions(client: pg.Client, tables: readonly string[]): Promise<boolean> {
  const { rowCount } = await client.query(
    `select from pg_constraint k join pg_depend d on d.classid = 'pg_constraint'::regclass and d.objid = k.oid
      where k.contype = 'c' and k.conrelid = any ($1::regclass[]) and d.refclassid = 'pg_proc'::regclass`,
    [[...tables]],
  )
  return rowCount !== 0
}
