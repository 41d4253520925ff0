import type pg from 'pg'
import { publication } from './publication.ts'

/** The tables that the other side began to follow, by name, each with the identity it had then. */
type Known = Readonly<Record<string, number>>

/** Note of the publication, which is not replicated; older replications have none. */
const notePrefix = 'Qianyun: tables as they were taken along: '

/** The note of the timeline that the server was on then; no table has such a name. */
const timeline = ' timeline'

/** SQL for the timeline of the server as the other side began to follow; null where that is not on record. */
export const timelineThen = `(select (substr(pg_catalog.obj_description(oid, 'pg_publication'), ${String(notePrefix.length + 1)})::json ->> '${timeline}')::int
  from pg_publication where pubname = '${publication}' and pg_catalog.obj_description(oid, 'pg_publication') like '${notePrefix}%')`
/** SQL for the timeline of the server now; null on a standby. */
export const timelineNow = `(select case when pg_is_in_recovery() then null else ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int end)`

async function noted(client: pg.Client): Promise<Known> {
  const { rows } = await client.query<{ note: string | null }>(
    `select pg_catalog.obj_description(oid, 'pg_publication') as note from pg_publication where pubname = $1`,
    [publication],
  )
  const note = rows[0]?.note ?? ''
  return note.startsWith(notePrefix) ? (JSON.parse(note.slice(notePrefix.length)) as Known) : {}
}

/** Read from the catalog alone: the list of a publication would wait for locks of its tables. */
async function identities(client: pg.Client): Promise<Known> {
  const { rows } = await client.query<{ name: string; oid: number }>(
    `select pg_catalog.format('%I.%I', n.nspname, c.relname) as name, c.oid::int8::float8 as oid
       from pg_catalog.pg_class c join pg_catalog.pg_namespace n on n.oid = c.relnamespace
      where c.relkind = 'r' and c.relpersistence = 'p' and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'`,
  )
  return Object.fromEntries(rows.map(({ name, oid }) => [name, oid]))
}

/** Whether the server was promoted or recovered since the other side began to follow: its slot may be another one under the same name. */
export async function isOnAnotherTimeline(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ differs: boolean | null }>(
    `select ${timelineThen} <> ${timelineNow} as differs`,
  )
  return rows[0]?.differs === true
}

/**
 * Notes which tables the other side follows from here on, and from which timeline of the server: all of them as they are now where its copy
 * begins (`anew`), else those that came since. A table that was made anew under its old name keeps its note.
 */
export async function noteTables(client: pg.Client, { anew }: { readonly anew: boolean }): Promise<void> {
  const before = await noted(client)
  const now = await identities(client)
  await note(client, before, anew ? { ...now, ...(await timelineOf(client)) } : { ...now, ...before })
}

/** Notes that the other side has all there is on the timeline that the server is on now: both were compared. */
export async function noteTimeline(client: pg.Client): Promise<void> {
  const before = await noted(client)
  await note(client, before, { ...before, ...(await timelineOf(client)) })
}

async function note(client: pg.Client, before: Known, after: Known): Promise<void> {
  if (JSON.stringify(after) === JSON.stringify(before)) return
  await client.query(
    `comment on publication ${publication} is ${client.escapeLiteral(`${notePrefix}${JSON.stringify(after)}`)}`,
  )
}

async function timelineOf(client: pg.Client): Promise<Known> {
  const { rows } = await client.query<{ now: number | null }>(`select ${timelineNow} as now`)
  const now = rows[0]?.now ?? null
  return now === null ? {} : { [timeline]: now }
}

/**
 * Tables of a publisher that were made anew under their old names. Its subscriber goes on with the rows of those that were there before,
 * and no error shows.
 */
export async function tablesMadeAnew(publisher: pg.Client): Promise<readonly string[]> {
  const known = await noted(publisher)
  return Object.entries(await identities(publisher)).flatMap(([name, oid]) =>
    known[name] !== undefined && known[name] !== oid ? [name] : [],
  )
}
