import { displayWidth, padToWidth } from './width.ts'

/** Columns as wide as their widest cell, two spaces between them; the last one is not padded. */
export function table(
  header: readonly string[],
  rows: readonly (readonly string[])[],
  paintHeader: (text: string) => string = (text) => text,
): string[] {
  const widths = header.map((title, column) =>
    Math.max(displayWidth(title), ...rows.map((row) => displayWidth(row[column] ?? ''))),
  )
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => (column === header.length - 1 ? cell : padToWidth(cell, widths[column] ?? 0)))
      .join('  ')
      .trimEnd()
  return [paintHeader(line(header)), ...rows.map(line)]
}

/** `name  value` lines; further lines of a value stand under its first. Entries without a value are left out. */
export function nameValueLines(
  entries: readonly (readonly [name: string, value: string | readonly string[] | undefined])[],
  paintName: (text: string) => string = (text) => text,
): string[] {
  const present = entries.flatMap(([name, value]) => {
    const lines = value === undefined ? [] : typeof value === 'string' ? [value] : value
    return lines.length === 0 ? [] : [{ name, lines }]
  })
  const width = Math.max(0, ...present.map(({ name }) => displayWidth(name)))
  return present.flatMap(({ name, lines }) =>
    lines.map(
      (line, index) => `${index === 0 ? paintName(padToWidth(name, width)) : ' '.repeat(width)}  ${line}`,
    ),
  )
}
