/** Code points that take two columns, as Unicode's East Asian Width calls Wide and Fullwidth; pictographs included. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x1f300, 0x1f64f],
  [0x1f680, 0x1f6ff],
  [0x1f900, 0x1f9ff],
  [0x20000, 0x3fffd],
]
const escape = String.fromCharCode(27)
const escapes = new RegExp(`${escape}\\[[0-9;]*m`, 'g')

const codePointWidth = (char: string): number => {
  if (/^[\p{Mark}\p{Control}\p{Format}]$/u.test(char)) return 0
  const code = char.codePointAt(0) ?? 0
  return wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1
}

/** How many columns of a terminal the text takes; colours take none, Chinese characters two each. */
export function displayWidth(text: string): number {
  return Array.from(text.replaceAll(escapes, '')).reduce((width, char) => width + codePointWidth(char), 0)
}

export function padToWidth(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - displayWidth(text)))
}

/** The text, ended with "…" where it would be wider than `width`. Colours are kept and closed. */
export function cutToWidth(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  let used = 0
  let kept = ''
  for (const part of text.split(new RegExp(`(${escapes.source})`))) {
    if (part.match(escapes)) {
      kept += part
      continue
    }
    for (const char of part) {
      if (used + codePointWidth(char) > width - 1)
        return `${kept}…${kept.includes(escape) ? `${escape}[0m` : ''}`
      used += codePointWidth(char)
      kept += char
    }
  }
  return kept
}

/** The text in lines no wider than `width`; a colour that goes on over the end of a line is begun anew on the next. */
export function wrapToWidth(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  let open = ''
  for (const part of text.split(new RegExp(`(${escapes.source})`))) {
    if (part.match(escapes)) {
      line += part
      open += part
      continue
    }
    for (const char of part) {
      const charWidth = codePointWidth(char)
      if (used + charWidth > width) {
        lines.push(open === '' ? line : `${line}${escape}[0m`)
        line = open
        used = 0
      }
      line += char
      used += charWidth
    }
  }
  return [...lines, line]
}
