import { HalfCharacterError } from './errors.ts'
import type { FileParams } from './params.ts'

type Edits = Pick<FileParams, 'values' | 'lines' | 'replace'>

/** Applies edits to a text: settings, then lines, then replacements. What already matches stays. */
export function edited(text: string, { values, lines, replace }: Edits): string {
  let result = text
  for (const [key, value] of Object.entries(values ?? {})) result = withSetting(result, key, value)
  if (lines !== undefined) result = withLines(result, lines.present, lines.absent)
  for (const { find, with: wanted } of replace ?? []) result = replaced(result, find, wanted)
  return result
}

function withSetting(text: string, key: string, value: string | number | boolean | null): string {
  const escaped = key.replaceAll(/[.-]/g, String.raw`\$&`)
  const setting = new RegExp(String.raw`^([ \t]*(?:export[ \t]+)?${escaped}[ \t]*=[ \t]*).*?(\r?)$`)
  const rows = text.split('\n')
  const matches = rows.flatMap((row, index) => (setting.test(row) ? [index] : []))
  // If a file sets a key twice, the last setting counts; a removed setting is removed everywhere.
  if (value === null) return rows.filter((_row, index) => !matches.includes(index)).join('\n')
  const last = matches.at(-1)
  if (last === undefined) return withLines(text, [`${key}=${String(value)}`], [])
  rows[last] = (rows[last] ?? '').replace(
    setting,
    (_row, head: string, end: string) => `${head}${String(value)}${end}`,
  )
  return rows.join('\n')
}

/** Compares lines without their line ends; new lines get the line ends of the file. */
function withLines(text: string, present: readonly string[], absent: readonly string[]): string {
  const bare = (row: string) => row.replace(/\r$/, '')
  const rows = text.split('\n').filter((row) => !absent.includes(bare(row)))
  const missing = present.filter((line) => !rows.some((row) => bare(row) === line))
  const body = rows.join('\n')
  if (missing.length === 0) return body
  const end = /\r?\n/.exec(text)?.[0] ?? '\n'
  const gap = body === '' || body.endsWith('\n') ? '' : end
  return `${body}${gap}${missing.join(end)}${end}`
}

/** Replacing is idempotent: if the new text contains the old one, places that already have the new text stay. */
function replaced(text: string, find: string, wanted: string): string {
  if (!wanted.includes(find)) return text.replaceAll(find, () => wanted)
  return text
    .split(wanted)
    .map((between) => between.replaceAll(find, () => wanted))
    .join(wanted)
}

/** Every text that the edits search or insert. */
export function textsOf({ values, lines, replace }: Edits): readonly string[] {
  return [
    ...Object.values(values ?? {}).map(String),
    ...(lines?.present ?? []),
    ...(lines?.absent ?? []),
    ...(replace ?? []).flatMap(({ find, with: wanted }) => [find, wanted]),
  ]
}

/**
 * In GBK and its like the second byte of a character may be a digit, a letter or one of `@[\]^_{|}~` and the backquote.
 * @throws HalfCharacterError if a text that begins with such a byte follows a byte outside ASCII
 */
export function assertNoHalfCharacter(path: string, bytes: string, { replace }: Edits): void {
  for (const { find } of replace ?? []) {
    if (!/^[0-9@-~]/.test(find)) continue
    for (let at = bytes.indexOf(find); at >= 0; at = bytes.indexOf(find, at + 1))
      if (/[\u0080-\u00ff]/.test(bytes.charAt(at - 1))) throw new HalfCharacterError(path, find)
  }
}
