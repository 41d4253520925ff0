import { name } from '../server/quote.ts'
import type { Session } from '../server/session.ts'
import { columnsOf, literal, readExpression } from './columns.ts'

const batchCharacters = 512 * 1024
const batchRows = 1_000

export interface RowsCopied {
  readonly rows: number
  readonly characters: number
}

/**
 * Copies the rows of a table as the snapshot of a session sees them. What was sent for a value is written as it was, byte by byte.
 * @param onBatch is told how many rows were written since the last time
 */
export async function copyRows(
  snapshot: Session,
  target: Session,
  { database, table }: { readonly database: string; readonly table: string },
  { signal, onBatch }: { readonly signal: AbortSignal; readonly onBatch: (rows: number) => void },
): Promise<RowsCopied> {
  const columns = await columnsOf(snapshot, database, table)
  const into = `INSERT INTO ${name(database)}.${name(table)} (${columns.map(({ column }) => name(column)).join(', ')}) VALUES `
  let [rows, characters] = [0, 0]
  let batch: string[] = []
  let size = 0
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return
    await target.run(into + batch.join(', '))
    rows += batch.length
    characters += size
    onBatch(batch.length)
    batch = []
    size = 0
  }
  const read = columns.map(readExpression).join(', ')
  for await (const row of snapshot.stream(`SELECT ${read} FROM ${name(database)}.${name(table)}`)) {
    signal.throwIfAborted()
    const values = `(${columns.map((column, at) => literal(column, row[at] ?? null)).join(', ')})`
    batch.push(values)
    size += values.length
    if (size >= batchCharacters || batch.length >= batchRows) await flush()
  }
  await flush()
  return { rows, characters }
}
