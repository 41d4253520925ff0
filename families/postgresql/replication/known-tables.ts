import type pg from 'pg'
import { publication } from './subscriptions.ts'

/** The tables that the other side began to follow, by name, each with the identity it had then. */
type Known = Readonly<Record<string, number>>

/** Note of the publication, which is not replicated; older replications have none. */
const notePrefix = 'Qianyun: tables as they were taken along: '

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

/**
 * Notes which tables the other side follows from here on: all of them as they are now where its copy begins (`anew`), else those that
 * came since. A table that was made anew under its old name keeps its note.
 */
export async function noteTables(client: pg.Client, { anew }: { readonly anew: boolean }): Promise<void> {
  const before = await noted(client)
  const now = await identities(client)
  const after = anew ? now : { ...now, ...before }
  if (JSON.stringify(after) === JSON.stringify(before)) return
  await client.query(
    `comment on publication ${publication} is ${client.escapeLiteral(`${notePrefix}${JSON.stringify(after)}`)}`,
  )
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
