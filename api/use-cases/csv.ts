import { InvalidInputError, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import { System } from '../../domain/ledger/system.ts'
import { columnOf } from '../../domain/ledger/columns.ts'
import { cellsByColumn, csvTable } from './csv-table.ts'

const columns = Object.keys(System.shape)

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
    const values = { found: table.header, missing, columns: columns.join(', ') }
    throw new InvalidInputError('The CSV', [problemAt('', said('csv-columns-missing', values))])
  }
  return cellsByColumn(table, columnOf)
}
