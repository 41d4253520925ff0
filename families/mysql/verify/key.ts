import { columnsOf, literal, type Column } from '../seed/columns.ts'
import { name, text } from '../server/quote.ts'
import type { Session } from '../server/session.ts'

/** The columns by which a row is known and rows are ordered, in the order of their index. */
export async function keyOf(session: Session, database: string, table: string): Promise<readonly Column[]> {
  const rows = await session.rows<{ index: string; column: string; nullable: string; part: string | null }>(
    `SELECT index_name AS \`index\`, column_name AS \`column\`, nullable, sub_part AS part
       FROM information_schema.statistics
      WHERE table_schema = ${text(database)} AND table_name = ${text(table)} AND non_unique = 0
      ORDER BY index_name <> 'PRIMARY', index_name, seq_in_index`,
  )
  const columns = await columnsOf(session, database, table)
  const indexes = [...new Set(rows.map(({ index }) => index))]
  for (const index of indexes) {
    const parts = rows.filter((row) => row.index === index)
    const own = parts.map(({ column }) => columns.find((one) => one.column === column))
    const isFit = parts.every(({ nullable, part }) => nullable !== 'YES' && part === null)
    const key = own.filter((column) => column !== undefined)
    if (isFit && key.length === parts.length) return key
  }
  return []
}

/** A row by the values of its key, as the server sent them. */
export type Bound = readonly (Buffer | null)[]

/** SQL that holds for rows whose key comes after a bound, and not after another one. */
export function between(key: readonly Column[], after: Bound | undefined, upTo: Bound | undefined): string {
  const conditions = [
    ...(after === undefined ? [] : [compared(key, after, '>')]),
    ...(upTo === undefined ? [] : [`NOT (${compared(key, upTo, '>')})`]),
  ]
  return conditions.length === 0 ? 'TRUE' : conditions.join(' AND ')
}

function compared(key: readonly Column[], bound: Bound, by: '>'): string {
  const [first, ...rest] = key
  if (first === undefined) return 'FALSE'
  const column = name(first.column)
  const value = literal(first, bound[0] ?? null)
  const own = `${column} ${by} ${value}`
  return rest.length === 0
    ? own
    : `(${column} >= ${value} AND (${own} OR ${compared(rest, bound.slice(1), by)}))`
}
