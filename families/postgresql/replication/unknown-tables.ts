import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { sqlState } from '../server/connections.ts'
import { publication } from './publication.ts'

/** A table whose changes wait to be applied, and which the side that follows lacks, or which has columns that it lacks. */
export interface UnknownTable {
  readonly schema: string
  readonly table: string
  readonly columns: readonly string[]
  /** The columns that the side that follows lacks; all of them if it lacks the table. */
  readonly lacks: readonly string[]
  /** What it has by that name. */
  readonly here: 'nothing' | 'stand-in' | 'table'
  /** What it is called on the publisher by now; absent if it was dropped. */
  readonly now?: string
}

/** A worker that fails holds the slot for milliseconds, every few seconds; one that runs holds it on. */
const patienceMs = 500
const lookEveryMs = 50
/** Changes that are looked through; the one that stops is among the first that wait. */
const changes = 2_000
const slotIsActive = '55006'

/** What a stand-in is known by. */
const note = 'Qianyun: stands in for what the other side had for a short time'

/**
 * The tables among the next changes of a slot that the subscriber cannot place, at which it stops. None if nobody can tell: a worker reads
 * the slot, or the changes are too many to be looked through.
 */
async function unknownTables(
  publisher: pg.Client,
  subscriber: pg.Client,
  slot: string,
): Promise<readonly UnknownTable[]> {
  const found: UnknownTable[] = []
  for (const { ids, ...one } of byName(await relationsAhead(publisher, slot))) {
    const { rows: missing } = await subscriber.query<{ name: string }>(
      `select name from unnest($3::text[]) name
        where not exists (select from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
                           where n.nspname = $1 and c.relname = $2 and a.attname = name and not a.attisdropped)`,
      [one.schema, one.table, one.columns],
    )
    if (missing.length === 0) continue
    const { rows } = await publisher.query<{ now: string }>(
      `select format('%I.%I', n.nspname, c.relname) as now from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.oid = any ($1)`,
      [ids],
    )
    const lacks = missing.map(({ name }) => name)
    found.push({ ...one, ...rows[0], lacks, here: await kindOf(subscriber, one) })
  }
  return found
}

type Named = Pick<UnknownTable, 'schema' | 'table' | 'columns'>

/** A table is told anew whenever its definition has changed, and one of the same name may have come after it. */
function byName(relations: readonly Relation[]): readonly (Named & { readonly ids: readonly number[] })[] {
  const found = new Map<string, Named & { readonly ids: readonly number[] }>()
  for (const { id, schema, table, columns } of relations) {
    const key = JSON.stringify([schema, table])
    const before = found.get(key) ?? { schema, table, columns: [], ids: [] }
    found.set(key, {
      ...before,
      columns: [...new Set([...before.columns, ...columns])],
      ids: [...before.ids, id],
    })
  }
  return [...found.values()]
}

/** What the side that follows has by that name. */
async function kindOf(client: pg.Client, { schema, table }: Named): Promise<UnknownTable['here']> {
  const { rows } = await client.query<{ standsIn: boolean }>(
    `select obj_description(c.oid, 'pg_class') is not distinct from $3 as "standsIn"
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = $1 and c.relname = $2`,
    [schema, table, note],
  )
  return rows[0] === undefined ? 'nothing' : rows[0].standsIn ? 'stand-in' : 'table'
}

async function relationsAhead(publisher: pg.Client, slot: string): Promise<readonly Relation[]> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      await publisher.query(`begin; set local statement_timeout = '10s'`)
      const { rows } = await publisher.query<{ data: Buffer }>(
        `select data from pg_logical_slot_peek_binary_changes($1, null, $2, 'proto_version', '1', 'publication_names', $3)
          where get_byte(data, 0) = ascii('R')`,
        [slot, changes, publication],
      )
      await publisher.query('commit')
      return rows.map(({ data }) => relationOf(data))
    } catch (error) {
      const state = sqlState(error)
      if (state === undefined) throw error
      await publisher.query('rollback')
      if (state !== slotIsActive || performance.now() > deadline) return []
      await sleep(lookEveryMs)
    }
  }
}

interface Relation extends Named {
  readonly id: number
}

/** A relation message of the protocol: its identity, schema, name, and each column with flags, name, type and modifier. */
function relationOf(data: Buffer): Relation {
  let at = 1
  const word = (): number => {
    at += 4
    return data.readUInt32BE(at - 4)
  }
  const text = (): string => {
    const end = data.indexOf(0, at)
    const found = data.toString('utf8', at, end)
    at = end + 1
    return found
  }
  const id = word()
  const [schema, table] = [text(), text()]
  at += 1
  const count = data.readUInt16BE(at)
  at += 2
  const columns = Array.from({ length: count }, () => {
    at += 1
    const name = text()
    at += 8
    return name
  })
  return { id, schema: schema === '' ? 'pg_catalog' : schema, table, columns }
}

/**
 * Lets replication go on past tables that the publisher has dropped again: an empty table stands in for each. The subscription does not
 * follow it, so what was written to the other one is passed over. The server begins again by itself, every five seconds.
 * @returns whether tables stand in from now on, and the ones that cannot be passed: they are still there, and their rows would be lost
 */
export async function passShortLived(
  publisher: pg.Client,
  subscriber: pg.Client,
  slot: string,
): Promise<{ readonly passes: boolean; readonly stops: readonly UnknownTable[] }> {
  const unknown = await unknownTables(publisher, subscriber, slot)
  const isGone = ({ now, here }: UnknownTable): boolean => now === undefined && here !== 'table'
  const gone = unknown.filter(isGone)
  for (const one of gone) await standIn(subscriber, one)
  return { passes: gone.length > 0, stops: unknown.filter((one) => !isGone(one)) }
}

async function standIn(subscriber: pg.Client, { schema, table, lacks, here }: UnknownTable): Promise<void> {
  const [inSchema, name] = [subscriber.escapeIdentifier(schema), subscriber.escapeIdentifier(table)]
  if (here === 'nothing') {
    const { rowCount } = await subscriber.query('select from pg_namespace where nspname = $1', [schema])
    if (rowCount === 0)
      await subscriber.query(`create schema ${inSchema}; comment on schema ${inSchema} is '${note}'`)
    await subscriber.query(
      `create table ${inSchema}.${name} (); comment on table ${inSchema}.${name} is '${note}'`,
    )
  }
  for (const column of lacks)
    await subscriber.query(
      `alter table ${inSchema}.${name} add column ${subscriber.escapeIdentifier(column)} pg_catalog.text`,
    )
}

/** Takes the stand-ins away. One that goes too early is made again when the next change for it stops replication. */
export async function dropStandIns(subscriber: pg.Client): Promise<void> {
  const { rows } = await subscriber.query<{ statement: string }>(
    `select format('drop table %I.%I', n.nspname, c.relname) as statement
       from pg_class c join pg_namespace n on n.oid = c.relnamespace where obj_description(c.oid, 'pg_class') = $1
     union all
     select format('drop schema %I', nspname) from pg_namespace where obj_description(oid, 'pg_namespace') = $1`,
    [note],
  )
  for (const { statement } of rows) await subscriber.query(statement)
}

/** Tables in words: each with what it lacks there, or is called by now. */
export function wordsOf(tables: readonly UnknownTable[]): readonly string[] {
  return tables.map(({ schema, table, lacks, here, now }) => {
    const name = `${schema}.${table}`
    if (here === 'table') return `${name} (${lacks.join(', ')})`
    return now === undefined || now === name ? name : `${name} (${now})`
  })
}
