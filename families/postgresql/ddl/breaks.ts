import { said } from '../../../domain/words/said.ts'
import type { Said } from '../../../domain/words/message.ts'
import type { SqlStatement } from '../../../domain/sql-statements.ts'
import { excerptOf } from '../../../domain/sql-statements.ts'
import type { ColumnLook, SchemaLook } from './schema-look.ts'

/** What a statement may begin with; what it is about is left to the server and to what it is seen to change. */
const beginnings: ReadonlySet<string> = new Set(['create', 'alter', 'drop', 'comment', 'grant', 'revoke'])
/** What reaches past the schema of one database, or is ours. */
const beyond: ReadonlySet<string> = new Set([
  'database',
  'event',
  'group',
  'publication',
  'role',
  'subscription',
  'system',
  'tablespace',
  'user',
])

/** What changes no schema, and what the way back does not notice. */
const maintenance: ReadonlySet<string> = new Set([
  'analyze',
  'checkpoint',
  'cluster',
  'refresh',
  'reindex',
  'vacuum',
])

/** What can be said of the statements without running them: none that is no DDL, and none that wants several transactions. */
export function unfitStatements(statements: readonly SqlStatement[]): readonly Said[] {
  if (statements.length === 0) return [said('ddl-changes-nothing')]
  return statements.flatMap((statement): readonly Said[] => {
    const [first = '', second = ''] = statement.words
    const named = { statement: excerptOf(statement) }
    if (runsAlone(statement)) return statements.length > 1 ? [said('ddl-own-file', named)] : []
    if (maintenance.has(first)) return [said('ddl-maintenance', named)]
    if (!beginnings.has(first)) return [said('ddl-not-ddl', named)]
    if (beyond.has(second)) return [said('ddl-beyond-schema', named)]
    return first === 'alter' && statement.words.at(-1) === 'concurrently'
      ? [said('ddl-detach-concurrently', named)]
      : []
  })
}

/** Whether a statement builds, rebuilds or drops an index in transactions of its own, while writers go on. */
export function runsAlone({ words }: SqlStatement): boolean {
  const [first, second, third, fourth] = words
  if (first === 'reindex') return words.slice(0, 5).includes('concurrently')
  if (first === 'drop') return second === 'index' && third === 'concurrently'
  if (first !== 'create') return false
  return (second === 'unique' ? [third, fourth] : [second, third]).join(' ') === 'index concurrently'
}

export function isUniqueIndex({ words }: SqlStatement): boolean {
  return words[0] === 'create' && words[1] === 'unique'
}

/**
 * What of a change the side that follows could not follow, found by comparing what stood before it with what stands after.
 * Empty when all that still arrives can be taken.
 */
export function breaksOf(before: SchemaLook, after: SchemaLook): readonly Said[] {
  return [
    ...(after.catalogWrites === before.catalogWrites ? [said('ddl-changes-nothing')] : []),
    ...Object.keys(after.rowsWritten).map((table) => said('ddl-writes-rows', { table })),
    ...tableBreaks(before, after),
    ...columnBreaks(before, after),
    ...labelBreaks(before, after),
    ...changed(before.replicaTriggers, after.replicaTriggers).map((trigger) =>
      said('ddl-replica-trigger', { trigger }),
    ),
    ...changed(before.replication, after.replication, 'key').map((object) =>
      said('ddl-touches-replication', { object }),
    ),
  ]
}

function tableBreaks({ tables: before }: SchemaLook, { tables: after }: SchemaLook): readonly Said[] {
  const gone = Object.entries(before).flatMap(([id, { name, hasKey, isLogged }]): readonly Said[] => {
    const now = after[id]
    if (now === undefined) return [said('ddl-drops-table', { table: name })]
    return [
      ...(now.name === name ? [] : [said('ddl-renames', { object: name, now: now.name })]),
      ...(hasKey && !now.hasKey ? [said('ddl-takes-key', { table: now.name })] : []),
      ...(isLogged && !now.isLogged ? [said('ddl-unlogged', { table: now.name })] : []),
    ]
  })
  const made = Object.entries(after).flatMap(([id, { name, hasKey, isLogged }]): readonly Said[] => {
    if (before[id] !== undefined) return []
    if (!isLogged) return [said('ddl-unlogged', { table: name })]
    return hasKey ? [] : [said('ddl-table-without-key', { table: name })]
  })
  return [...gone, ...made]
}

function columnBreaks(before: SchemaLook, after: SchemaLook): readonly Said[] {
  const tableOf = (id: string): string => id.split('/')[0] ?? ''
  const kept = Object.entries(before.columns).flatMap(([id, column]): readonly Said[] => {
    const now = after.columns[id]
    // A table that is gone is named as that.
    if (after.tables[tableOf(id)] === undefined) return []
    if (now === undefined) return [said('ddl-drops-column', { column: nameOf(column) })]
    if (now.name !== column.name) return [said('ddl-renames', { object: nameOf(column), now: now.name })]
    return now.type === column.type || isWider(column.type, now.type)
      ? []
      : [said('ddl-changes-type', { column: nameOf(column), was: column.type, now: now.type })]
  })
  const required = Object.entries(after.columns).flatMap(([id, column]): readonly Said[] => {
    const isNew = before.columns[id] === undefined && before.tables[tableOf(id)] !== undefined
    return isNew && column.isRequired && !column.hasDefault
      ? [said('ddl-required-column', { column: nameOf(column) })]
      : []
  })
  return [...kept, ...required]
}

const labelBreaks = ({ labels: before }: SchemaLook, { labels: after }: SchemaLook): readonly Said[] =>
  Object.entries(before).flatMap(([id, label]) =>
    after[id] === label || after[id] === undefined
      ? []
      : [said('ddl-renames', { object: label, now: after[id] })],
  )

/** What was added to a table of names, or is another one now. */
function changed(
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
  shown: 'key' | 'value' = 'value',
): readonly string[] {
  const keys =
    shown === 'key' ? [...new Set([...Object.keys(before), ...Object.keys(after)])] : Object.keys(after)
  return keys.flatMap((key) =>
    before[key] === after[key] ? [] : [shown === 'key' ? key : (after[key] ?? key)],
  )
}

const nameOf = ({ table, name }: ColumnLook): string => `${table}.${name}`

const integers = ['smallint', 'integer', 'bigint']
const sized = /^(character varying|character|bit varying|varbit|numeric)(?:\((\d+)(?:,(-?\d+))?\))?(\[\])?$/

/** Whether every value of one type is a value of the other, written alike. */
export function isWider(was: string, now: string): boolean {
  const [from, to] = [integers.indexOf(was), integers.indexOf(now)]
  if (from >= 0 && (to > from || now === 'numeric')) return true
  const [one, other] = [sized.exec(was), sized.exec(now)]
  if (one?.[1] === 'character varying' && now === `text${one[4] ?? ''}`) return true
  if (one === null || other === null || one[1] !== other[1] || one[4] !== other[4]) return false
  if (one[1] === 'character') return false
  if (other[2] === undefined) return true
  if (one[2] === undefined) return false
  const [size, scale, toSize, toScale] = [one[2], one[3] ?? 0, other[2], other[3] ?? 0].map(Number) as [
    number,
    number,
    number,
    number,
  ]
  return toSize - toScale >= size - scale && toScale >= scale
}
