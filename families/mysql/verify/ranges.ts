import { type Column, columnsOf, isBinary } from '../seed/columns.ts'
import { name } from '../server/quote.ts'
import type { Session } from '../server/session.ts'
import { type Bound, between, keyOf } from './key.ts'

/** Rows that are compared by one sum. */
const rangeRows = 5_000

export interface TablePlace {
  readonly database: string
  readonly table: string
}

/** What a server computes of the rows of a range: how many, and 128 bits over all their values. */
export interface RangeSum {
  readonly rows: number
  readonly sum: string
}

export interface TableComparison {
  readonly rows: number
  readonly ranges: number
  /** Ranges that are not the same, by their first key. */
  readonly differing: readonly string[]
}

/** Compares a table as the snapshots of two sessions see it, range by range of its key; each server computes the sums of its own rows. */
export async function compareTable(
  from: Session,
  to: Session,
  { database, table }: TablePlace,
  signal: AbortSignal,
): Promise<TableComparison> {
  const [key, columns] = [await keyOf(from, database, table), await columnsOf(from, database, table)]
  const differing: string[] = []
  let [rows, ranges] = [0, 0]
  let after: Bound | undefined
  for (;;) {
    signal.throwIfAborted()
    const upTo = key.length === 0 ? undefined : await boundAfter(from, { database, table }, key, after)
    const where = between(key, after, upTo)
    const [own, other] = await Promise.all(
      [from, to].map(async (session) => sumOf(session, { database, table }, columns, where)),
    )
    rows += own?.rows ?? 0
    ranges++
    if (own?.rows !== other?.rows || own?.sum !== other?.sum)
      differing.push(`${table} ${after === undefined ? 'from its first row' : `after ${shown(key, after)}`}`)
    if (upTo === undefined) return { rows, ranges, differing }
    after = upTo
  }
}

function shown(key: readonly Column[], bound: Bound): string {
  return key
    .map((column, at) => {
      const value = bound[at]
      const isText = value !== undefined && value !== null && !isBinary(column)
      return `${column.column} ${isText ? value.toString('utf8').slice(0, 40) : `0x${value?.toString('hex').slice(0, 40) ?? ''}`}`
    })
    .join(', ')
}

/** The key of the last row of the next range; undefined where there are fewer rows left. */
async function boundAfter(
  session: Session,
  { database, table }: TablePlace,
  key: readonly Column[],
  after: Bound | undefined,
): Promise<Bound | undefined> {
  const columns = key.map(({ column }) => name(column)).join(', ')
  const sql = `SELECT ${columns} FROM ${name(database)}.${name(table)} WHERE ${between(key, after, undefined)}
    ORDER BY ${columns} LIMIT ${String(rangeRows - 1)}, 1`
  let bound: Bound | undefined
  for await (const row of session.stream(sql)) bound = row
  return bound
}

/** With a limit the digests are computed once each, and not at each place where they are used. */
const everyRow = 4_000_000_000

async function sumOf(
  session: Session,
  { database, table }: TablePlace,
  columns: readonly Column[],
  where: string,
): Promise<RangeSum> {
  const digest = `MD5(CONCAT(${columns.map(shownExactly).join(', ')}))`
  const half = (from: number): string =>
    `COALESCE(BIT_XOR(CAST(CONV(SUBSTRING(d, ${String(from)}, 16), 16, 10) AS UNSIGNED)), 0)`
  const { rows, sum } = await session.row<{ rows: string; sum: string }>(
    `SELECT COUNT(*) AS \`rows\`, CONCAT(${half(1)}, '-', ${half(17)}) AS sum
       FROM (SELECT ${digest} AS d FROM ${name(database)}.${name(table)} WHERE ${where}
              LIMIT ${String(everyRow)}) rows_of_range`,
  )
  return { rows: Number(rows), sum }
}

/** A value such that no two rows read alike, nor NULL and a text: as SQL would quote it. */
function shownExactly(column: Column): string {
  const own = name(column.column)
  const value =
    column.type === 'float'
      ? `CAST(${own} + 0e0 AS CHAR)`
      : column.type === 'bit'
        ? `CAST(${own} + 0 AS CHAR)`
        : isBinary(column)
          ? `HEX(${own})`
          : column.characterSet === undefined
            ? `CAST(${own} AS CHAR)`
            : `CONVERT(${own} USING utf8mb4)`
  return `QUOTE(${value})`
}
