import { InvalidInputError } from '../../domain/errors.ts'
import { System } from '../../domain/ledger/system.ts'
import { columnOf } from '../../domain/ledger/columns.ts'
import { cellsByColumn, csvTable } from './csv-table.ts'

const columns = Object.keys(System.shape).join(', ')

/**
 * The rows of a CSV text of systems by the names of its columns, which may stand there in English or Chinese, each cell as
 * text. Empty cells are left out.
 * @throws InvalidInputError when the text is no CSV, or lacks a column that every system has
 */
export function rowsOfCsv(text: string): Record<string, string>[] {
  const table = csvTable(text)
  const known = table.header.map((name) => columnOf(name) ?? name)
  const missing = ['system', 'name', 'department'].filter((name) => !known.includes(name))
  if (missing.length > 0) {
    const found = table.header.map((name) => `"${name}"`).join(', ')
    const message = `has the columns ${found}; ${missing.join(', ')} missing. Its first line names the columns, with commas between them, in English or Chinese: ${columns}`
    throw new InvalidInputError('The CSV', [{ path: '', message }])
  }
  return cellsByColumn(table, columnOf)
}
