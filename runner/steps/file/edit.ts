import type { FileParams } from './params.ts'

type Edits = Pick<FileParams, 'values' | 'lines' | 'replace'>

/** A text with its edits made: settings first, then lines, then replacements. What is so already stays as it is. */
export function edited(text: string, { values, lines, replace }: Edits): string {
  let result = text
  for (const [key, value] of Object.entries(values ?? {})) result = withSetting(result, key, value)
  if (lines !== undefined) result = withLines(result, lines.present, lines.absent)
  for (const { find, with: wanted } of replace ?? []) result = replaced(result, find, wanted)
  return result
}

function withSetting(text: string, key: string, value: string | number | boolean | null): string {
  const escaped = key.replaceAll(/[.-]/g, String.raw`\$&`)
  const setting = new RegExp(String.raw`^([ \t]*(?:export[ \t]+)?${escaped}[ \t]*=[ \t]*).*$`)
  const rows = text.split('\n')
  const matches = rows.flatMap((row, index) => (setting.test(row) ? [index] : []))
  // The last one counts where a file sets a key twice; a setting that is taken out is taken out everywhere.
  if (value === null) return rows.filter((_row, index) => !matches.includes(index)).join('\n')
  const last = matches.at(-1)
  if (last === undefined) return withLines(text, [`${key}=${String(value)}`], [])
  rows[last] = (rows[last] ?? '').replace(setting, (_row, head: string) => `${head}${String(value)}`)
  return rows.join('\n')
}

function withLines(text: string, present: readonly string[], absent: readonly string[]): string {
  const rows = text.split('\n').filter((row) => !absent.includes(row))
  const missing = present.filter((line) => !rows.includes(line))
  if (missing.length === 0) return rows.join('\n')
  const body = rows.join('\n')
  const gap = body === '' || body.endsWith('\n') ? '' : '\n'
  return `${body}${gap}${missing.join('\n')}\n`
}

/** Replacing is repeatable: where the new text contains the old one, places that have the new text are left alone. */
function replaced(text: string, find: string, wanted: string): string {
  if (!wanted.includes(find)) return text.replaceAll(find, () => wanted)
  return text
    .split(wanted)
    .map((between) => between.replaceAll(find, () => wanted))
    .join(wanted)
}
