import { definerOf } from '../server/events.ts'
import { name, text, word } from '../server/quote.ts'
import { ownSqlMode, type Session } from '../server/session.ts'

/** A thing of a database with the statement that makes it, as its server gives it: one statement, whatever stands in it. */
export interface Made {
  readonly object: string
  readonly sql: string
  /** What the statement was read under, and what it does runs under. */
  readonly under?: Readonly<Record<'sqlMode' | 'connection', string>> & { readonly timeZone?: string }
}

type Shown = Readonly<Record<string, unknown>>

function shownText(row: Shown, column: string): string {
  const value = row[column]
  return typeof value === 'string' ? value : ''
}

async function named(session: Session, sql: string): Promise<readonly string[]> {
  return (await session.rows<{ name: string }>(sql)).map((row) => row.name)
}

/** The statement that makes the database, empty. */
export async function databaseOf(session: Session, database: string): Promise<string> {
  const { set, collation } = await session.row<{ set: string; collation: string }>(
    `SELECT default_character_set_name AS \`set\`, default_collation_name AS collation
       FROM information_schema.schemata WHERE schema_name = ${text(database)}`,
  )
  return `CREATE DATABASE ${name(database)} CHARACTER SET ${word(set)} COLLATE ${word(collation)}`
}

/** Sequences, which start where those of the source go on. */
export async function sequencesOf(session: Session, database: string): Promise<readonly Made[]> {
  const sequences = await named(
    session,
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${text(database)} AND table_type = 'SEQUENCE'`,
  )
  const made: Made[] = []
  for (const object of sequences) {
    const of = `${name(database)}.${name(object)}`
    const shown = await session.row(`SHOW CREATE SEQUENCE ${of}`)
    const { next } = await session.row<{ next: string }>(
      `SELECT CAST(next_not_cached_value AS CHAR) AS next FROM ${of}`,
    )
    made.push({ object, sql: shownText(shown, 'Table' in shown ? 'Create Table' : 'Create Sequence') })
    if (/^-?\d+$/.test(next)) made.push({ object, sql: `DO SETVAL(${of}, ${next}, 0)` })
  }
  return made
}

export async function tableNames(session: Session, database: string): Promise<readonly string[]> {
  return named(
    session,
    `SELECT table_name AS name FROM information_schema.tables WHERE table_schema = ${text(database)} AND table_type = 'BASE TABLE' ORDER BY 1`,
  )
}

export async function tablesOf(session: Session, database: string): Promise<readonly Made[]> {
  const made: Made[] = []
  for (const object of await tableNames(session, database)) {
    const shown = await session.row(`SHOW CREATE TABLE ${name(database)}.${name(object)}`)
    made.push({ object, sql: shownText(shown, 'Create Table') })
  }
  return made
}

/** Routines, views and triggers, in an order in which they can be made; a view may name another one. */
export async function programsOf(session: Session, database: string): Promise<readonly Made[]> {
  const of = text(database)
  const made: Made[] = []
  for (const kind of ['FUNCTION', 'PROCEDURE', 'PACKAGE', 'PACKAGE BODY'] as const) {
    const routines = await named(
      session,
      `SELECT routine_name AS name FROM information_schema.routines WHERE routine_schema = ${of} AND routine_type = '${kind}' ORDER BY 1`,
    )
    for (const object of routines) {
      const shown = await session.row(`SHOW CREATE ${kind} ${name(database)}.${name(object)}`)
      const column = Object.keys(shown).find((one) => one.startsWith('Create ')) ?? ''
      made.push({ object, sql: shownText(shown, column), under: underOf(shown) })
    }
  }
  made.push(...(await viewsOf(session, database)))
  const triggers = await named(
    session,
    `SELECT trigger_name AS name FROM information_schema.triggers WHERE trigger_schema = ${of}
      ORDER BY event_object_table, action_timing, event_manipulation, action_order`,
  )
  for (const object of triggers) {
    const shown = await session.row(`SHOW CREATE TRIGGER ${name(database)}.${name(object)}`)
    made.push({ object, sql: shownText(shown, 'SQL Original Statement'), under: underOf(shown) })
  }
  return made
}

async function viewsOf(session: Session, database: string): Promise<readonly Made[]> {
  const views = await named(
    session,
    `SELECT table_name AS name FROM information_schema.views WHERE table_schema = ${text(database)} ORDER BY 1`,
  )
  const made: Made[] = []
  for (const object of views) {
    const shown = await session.row(`SHOW CREATE VIEW ${name(database)}.${name(object)}`)
    const connection = shownText(shown, 'collation_connection')
    made.push({ object, sql: shownText(shown, 'Create View'), under: { sqlMode: ownSqlMode, connection } })
  }
  return made
}

/** Events, none of which runs before its side serves. */
export async function eventsMade(session: Session, database: string): Promise<readonly Made[]> {
  const events = await session.rows<{ name: string; definer: string }>(
    `SELECT event_name AS name, definer FROM information_schema.events WHERE event_schema = ${text(database)} ORDER BY 1`,
  )
  const made: Made[] = []
  for (const { name: object, definer } of events) {
    const shown = await session.row(`SHOW CREATE EVENT ${name(database)}.${name(object)}`)
    const timeZone = shownText(shown, 'time_zone')
    made.push({
      object,
      sql: shownText(shown, 'Create Event'),
      under: { ...underOf(shown), timeZone },
    })
    made.push({
      object,
      sql: `ALTER DEFINER = ${definerOf(definer)} EVENT ${name(database)}.${name(object)} DISABLE ON SLAVE`,
    })
  }
  return made
}

function underOf(shown: Shown): NonNullable<Made['under']> {
  return {
    sqlMode: shownText(shown, 'sql_mode'),
    connection: shownText(shown, 'collation_connection'),
  }
}

/** Makes a thing in the database that the session stands in, under what it was made under at the source. */
export async function make(target: Session, { sql, under }: Made): Promise<void> {
  if (under === undefined) {
    await target.run(sql)
    return
  }
  const { sqlMode, connection, timeZone } = under
  await target.run(
    `SET SESSION sql_mode = ${text(sqlMode)}, collation_connection = ${word(connection)}
       ${timeZone === undefined || timeZone === '' ? '' : `, time_zone = ${text(timeZone)}`}`,
  )
  try {
    await target.run(sql)
  } finally {
    await target.run(`SET NAMES utf8mb4, SESSION sql_mode = '${ownSqlMode}', time_zone = '+00:00'`)
  }
}
