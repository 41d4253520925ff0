import stringWidth from 'string-width'
import wrapAnsi from 'wrap-ansi'

const escape = String.fromCharCode(27)
/** Colours, those that carry the mark of this run included, which are too long for what libraries take for a colour. */
const escapes = new RegExp(`${escape}\\[[0-9;]*m`, 'g')
const graphemes = new Intl.Segmenter()

/** How many columns of a terminal the text takes; colours take none, Chinese characters two each. */
export function displayWidth(text: string): number {
  return stringWidth(text.replaceAll(escapes, ''))
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
    for (const { segment } of graphemes.segment(part)) {
      used += stringWidth(segment)
      if (used > width - 1) return `${kept}…${kept.includes(escape) ? `${escape}[0m` : ''}`
      kept += segment
    }
  }
  return kept
}

/** The text in lines no wider than `width`; a colour that goes on over the end of a line is begun anew on the next. */
export function wrapToWidth(text: string, width: number): string[] {
  if (displayWidth(text) <= width) return [text]
  return wrapAnsi(text, width, { hard: true, wordWrap: false, trim: false }).split('\n')
}
