import { type CsvError, parse } from 'csv-parse/sync'
import { InvalidInputError, type InputProblem, problemAt } from '../../domain/errors.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'

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
 * with commas, quotes written twice and line breaks in it. Cells may be separated by semicolons or tabs, as the first line
 * has them or "sep=;" says. Blank space around cells and rows without any content are left out.
 * @throws InvalidInputError when the text is not UTF-8, has a misplaced quote, an unknown separator, no rows or too many
 */
export function csvTable(text: string): CsvTable {
  if (text.includes('\uFFFD')) throw invalid('', said('csv-not-utf8'))
  const [header, ...rows] = rowsOf(text)
  if (header === undefined || rows.length === 0) {
    throw invalid('', said('csv-no-rows'))
  }
  if (rows.length > mostRows) {
    throw invalid('', said('csv-too-many-rows', { found: rows.length, most: mostRows }))
  }
  return { header: withoutBlankEnd(header.cells), rows }
}

/**
 * Each row as its cells by the names of their columns, blank ones left out. Where `meaning` knows a heading, the column has
 * that name, and two headings of one meaning are one column twice.
 * @throws InvalidInputError when a column has no name or that of another, or a row has more or fewer cells than the
 * header names
 */
export function cellsByColumn(
  { header: written, rows }: CsvTable,
  meaning: (heading: string) => string | undefined = () => undefined,
): Record<string, string>[] {
  const header = written.map((name) => meaning(name) ?? name)
  const problems = [
    ...header.flatMap((name, index) => columnProblem(header, written, name, index)),
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
  const { lines, delimiter } = separated(text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n'))
  const rows: CsvRow[] = []
  let endedOn = 0
  try {
    parse(lines, {
      delimiter,
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
      throw invalid(`line ${opened}`, said('csv-quote-open'))
    }
    throw invalid(`line ${line ?? endedOn + 1}`, said('csv-quote-misplaced'))
  }
}

/** A line `sep=…`, which spreadsheets write and read, is left blank: the numbers of the lines stay as they are. */
function separated(text: string): { readonly lines: string; readonly delimiter: string } {
  const [, declared] = /^"?sep=(.)"?[ \t]*(?=\n|$)/i.exec(text) ?? []
  const lines = declared === undefined ? text : text.replace(/^[^\n]*/, '')
  const first = lines.split('\n').find((line) => line.trim() !== '') ?? ''
  const outsideQuotes = first.replaceAll(/"[^"]*"/g, '')
  const count = (separator: string) => outsideQuotes.split(separator).length - 1
  const foreign = ['，', '；', '、', '|'].find((separator) => count(separator) > 0)
  if (declared === undefined && foreign !== undefined && count(',') + count(';') + count('\t') === 0)
    throw invalid('line 1', said('csv-foreign-separator', { separator: foreign }))
  const [delimiter = ','] = [',', ';', '\t'].toSorted((one, other) => count(other) - count(one))
  return { lines, delimiter: declared ?? delimiter }
}

function columnProblem(header: readonly string[], written: readonly string[], name: string, index: number) {
  if (name === '') return [problemAt(`column ${index + 1}`, said('csv-column-unnamed'))]
  const first = header.indexOf(name)
  if (first === index) return []
  const [heading, other] = [written[first], written[index]]
  const headings = heading === other ? {} : { heading, other }
  return [problemAt(name, said('csv-column-twice', { first: first + 1, second: index + 1, ...headings }))]
}

function rowProblem({ line, cells }: CsvRow, named: number) {
  // Spreadsheets write empty cells as far as any row of the sheet goes.
  const surplus = withoutBlankEnd(cells.slice(named)).length
  if (cells.length >= named && surplus === 0) return []
  const found = Math.min(cells.length, named) + surplus
  return [problemAt(`line ${line}`, said('csv-cells', { found, named }))]
}

function withoutBlankEnd(cells: readonly string[]): string[] {
  return cells.slice(0, cells.findLastIndex((cell) => cell !== '') + 1)
}

function firstOf(problems: readonly InputProblem[]): readonly InputProblem[] {
  const more = problems.length - mostProblems
  if (more <= 0) return problems
  return [...problems.slice(0, mostProblems), problemAt('', said('csv-more-problems', { count: more }))]
}

function invalid(path: string, what: Said): InvalidInputError {
  return new InvalidInputError('The CSV', [problemAt(path, what)])
}
