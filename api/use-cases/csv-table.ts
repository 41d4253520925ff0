import { type CsvError, parse } from 'csv-parse/sync'
import { InvalidInputError } from '../../domain/errors.ts'

/** A CSV text as cells: nothing is known here of what they mean. */
export interface CsvTable {
  /** The names of the columns; blank ones at the end of the line are left out. */
  readonly header: readonly string[]
  readonly rows: readonly CsvRow[]
}

interface CsvRow {
  /** The line of the text the row begins on, from 1; a quoted cell may go on over several. */
  readonly line: number
  readonly cells: readonly string[]
}

const mostRows = 10_000
const mostProblems = 20

/**
 * The cells of a CSV text (RFC 4180): with or without a byte order mark, its lines ended by CR, LF or both, a quoted cell
 * with commas, quotes written twice and line breaks in it. Blank space around cells and rows without any content are left
 * out.
 * @throws InvalidInputError when the text is not UTF-8, has a misplaced quote, no rows or too many
 */
export function csvTable(text: string): CsvTable {
  if (text.includes('\uFFFD')) throw invalid('', 'is not UTF-8; save it as CSV in UTF-8')
  const [header, ...rows] = rowsOf(text)
  if (header === undefined || rows.length === 0) {
    throw invalid('', 'has no rows; give a header line and at least one row')
  }
  if (rows.length > mostRows) {
    throw invalid('', `has ${rows.length} rows; at most ${mostRows} are taken at once`)
  }
  return { header: withoutBlankEnd(header.cells), rows }
}

/**
 * Each row as its cells by the names of their columns, blank ones left out.
 * @throws InvalidInputError when a column has no name or that of another, or a row has more or fewer cells than the
 * header names
 */
export function cellsByColumn({ header, rows }: CsvTable): Record<string, string>[] {
  const problems = [
    ...header.flatMap((name, index) => columnProblem(header, name, index)),
    ...rows.flatMap((row) => rowProblem(row, header.length)),
  ]
  if (problems.length > 0) throw new InvalidInputError('The CSV', firstOf(problems))
  return rows.map(({ cells }) =>
    Object.fromEntries(
      header.flatMap((name, index) => {
        const cell = cells[index] ?? ''
        return cell === '' ? [] : [[name, cell] as const]
      }),
    ),
  )
}

function rowsOf(text: string): CsvRow[] {
  // One sort of line end in cells too; csv-parse counts "\r\n" inside quotes as two lines.
  const lines = text.replaceAll(/\r\n?/g, '\n')
  const rows: CsvRow[] = []
  let endedOn = 0
  try {
    parse(lines, {
      bom: true,
      trim: true,
      relax_column_count: true,
      skip_empty_lines: true,
      skip_records_with_empty_values: true,
      record_delimiter: '\n',
      on_record: (cells: string[], { lines: line }) => {
        endedOn = line
        rows.push({ line: line - cells.join('').split('\n').length + 1, cells })
        return null
      },
    })
    return rows
  } catch (error) {
    const { code, lines: line } = error as CsvError & { lines?: number }
    if (code === 'CSV_QUOTE_NOT_CLOSED') {
      const opened = lines.split('\n').findIndex((each, index) => index >= endedOn && each.includes('"')) + 1
      throw invalid(`line ${opened}`, 'opens a quote that is closed nowhere')
    }
    throw invalid(`line ${line ?? endedOn + 1}`, 'has a quote in the wrong place')
  }
}

function columnProblem(header: readonly string[], name: string, index: number) {
  if (name === '') return [{ path: `column ${index + 1}`, message: 'has no name in the first line' }]
  const first = header.indexOf(name)
  if (first === index) return []
  return [{ path: name, message: `is the name of column ${first + 1} and of column ${index + 1}` }]
}

function rowProblem({ line, cells }: CsvRow, named: number) {
  // Spreadsheets write empty cells as far as any row of the sheet goes.
  const surplus = withoutBlankEnd(cells.slice(named)).length
  if (cells.length >= named && surplus === 0) return []
  const found = Math.min(cells.length, named) + surplus
  return [
    {
      path: `line ${line}`,
      message: `has ${found} ${found === 1 ? 'cell' : 'cells'}; the first line names ${named}`,
    },
  ]
}

function withoutBlankEnd(cells: readonly string[]): string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)
}

function firstOf<P extends { readonly path: string; readonly message: string }>(problems: readonly P[]) {
  const more = problems.length - mostProblems
  if (more <= 0) return problems
  return [...problems.slice(0, mostProblems), { path: '', message: `has ${more} more problems of this sort` }]
}

function invalid(path: string, message: string): InvalidInputError {
  return new InvalidInputError('The CSV', [{ path, message }])
}
