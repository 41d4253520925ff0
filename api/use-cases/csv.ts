import { InvalidInputError } from '../../domain/errors.ts'
import { System } from '../../domain/ledger/system.ts'

const columns = Object.keys(System.shape).join(', ')

/**
 * The rows of a CSV text (RFC 4180) as objects by its header line, each cell as text. Empty cells are left out.
 * @throws InvalidInputError when the text is no CSV
 */
export function rowsOfCsv(text: string): Record<string, string>[] {
  const [header, ...lines] = cellsOf(text.replace(/^\uFEFF/, ''))
  if (header === undefined || lines.length === 0) {
    throw new InvalidInputError('The CSV', [
      { path: '', message: 'has no rows; give a header line and at least one row' },
    ])
  }
  if (lines.length > 10_000) {
    throw new InvalidInputError('The CSV', [
      { path: '', message: `has ${lines.length} rows; at most 10000 are taken at once` },
    ])
  }
  const names = header.map((name) => name.trim())
  if (text.includes('\uFFFD'))
    throw new InvalidInputError('The CSV', [{ path: '', message: 'is not UTF-8; save it as CSV in UTF-8' }])
  const missing = ['system', 'name', 'department'].filter((name) => !names.includes(name))
  if (missing.length > 0) {
    const found = names.map((name) => `"${name}"`).join(', ')
    const message = `has the columns ${found}; ${missing.join(', ')} missing. Its first line names the columns, with commas between them: ${columns}`
    throw new InvalidInputError('The CSV', [{ path: '', message }])
  }
  return lines.map((cells) =>
    Object.fromEntries(
      cells.flatMap((cell, index) => {
        const name = names[index] ?? `column-${index + 1}`
        return cell.trim() === '' ? [] : [[name, cell.trim()] as const]
      }),
    ),
  )
}

/** Lines of cells; a quoted cell may hold commas, quotes written twice, and line breaks. Empty lines are left out. */
function cellsOf(text: string): string[][] {
  const lines: string[][] = []
  let cells: string[] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/y
  while (cell.lastIndex < text.length) {
    const at = cell.lastIndex
    const match = cell.exec(text)
    if (match === null) {
      const line = text.slice(0, at).split('\n').length
      throw new InvalidInputError('The CSV', [
        { path: `line ${line}`, message: 'has a quote in the wrong place' },
      ])
    }
    const [, quoted, plain = '', end] = match
    cells.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') {
      if (cell.lastIndex === text.length) cells.push('')
      else continue
    }
    if (cells.some((each) => each !== '')) lines.push(cells)
    cells = []
  }
  return lines
}
