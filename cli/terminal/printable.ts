const escape = String.fromCharCode(27)
const unseen = '[\\p{Control}\\p{Format}\\p{Surrogate}\\p{Line_Separator}\\p{Paragraph_Separator}]'

/**
 * The text with everything that a terminal would obey instead of show (control characters, line breaks, marks that turn
 * the direction of writing) as a visible escape. Only colours
 * that carry `mark` are let through: it is this run's own, and no data can know it.
 */
export function printable(text: string, mark: string): string {
  const pattern = new RegExp(`${escape}\\[(\\d+)${mark}m|${unseen}`, 'gu')
  return text.replaceAll(pattern, (found: string, colour: string | undefined) =>
    colour === undefined ? visible(found) : `${escape}[${colour}m`,
  )
}

/** A line in which nothing but text stands, wherever it is written. */
export function plainLine(text: string): string {
  return text.replaceAll(new RegExp(unseen, 'gu'), visible)
}

/** The document as JSON in which no such character stands as itself; whoever parses it gets the same document. */
export function printableJson(document: unknown, indent?: number): string {
  return JSON.stringify(document, null, indent).replaceAll(new RegExp(unseen, 'gu'), (found) =>
    found === '\n'
      ? found
      : units(found)
          .map((unit) => `\\u${hex(unit, 4)}`)
          .join(''),
  )
}

function visible(char: string): string {
  if (char === '\n') return '\\n'
  const code = char.codePointAt(0) ?? 0
  return code <= 0xff ? `\\x${hex(code, 2)}` : `\\u{${hex(code, 4)}}`
}

const units = (char: string): number[] => Array.from({ length: char.length }, (_, i) => char.charCodeAt(i))
const hex = (code: number, length: number): string => code.toString(16).padStart(length, '0')
