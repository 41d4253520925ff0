import { bytes, name, text } from '../server/quote.ts'
import type { Session } from '../server/session.ts'

/** How the values of a column are read and written without a change of any byte. */
export interface Column {
  readonly column: string
  readonly type: string
  readonly characterSet: string | undefined
}

const binaryTypes = new Set([
  'binary',
  'varbinary',
  'tinyblob',
  'blob',
  'mediumblob',
  'longblob',
  'bit',
  'geometry',
  'point',
  'linestring',
  'polygon',
  'multipoint',
  'multilinestring',
  'multipolygon',
  'geometrycollection',
  'vector',
])

/** The columns of a table that hold something of their own: a generated one is computed again. */
export async function columnsOf(
  session: Session,
  database: string,
  table: string,
): Promise<readonly Column[]> {
  const rows = await session.rows<{ column: string; type: string; set: string | null }>(
    `SELECT column_name AS \`column\`, LOWER(data_type) AS type, character_set_name AS \`set\`
       FROM information_schema.columns
      WHERE table_schema = ${text(database)} AND table_name = ${text(table)} AND COALESCE(generation_expression, '') = ''
      ORDER BY ordinal_position`,
  )
  return rows.map(({ column, type, set }) => ({ column, type, characterSet: set ?? undefined }))
}

export function isBinary({ type }: Column): boolean {
  return binaryTypes.has(type)
}

/** A text of a single precision number has fewer digits than the number. */
export function readExpression(column: Column): string {
  return column.type === 'float' ? `${name(column.column)} + 0e0` : name(column.column)
}

/** A value as the server sent it, in the character set of its column. */
export function literal(column: Column, value: Buffer | null): string {
  if (value === null) return 'NULL'
  if (isBinary(column)) return bytes(value)
  if (column.characterSet !== undefined) return bytes(value, column.characterSet)
  return text(value.toString('latin1'))
}
