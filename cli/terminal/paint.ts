type Variables = Readonly<Record<string, string | undefined>>

/** Ways to set text off. Where there is no colour each gives its text back unchanged. */
export interface Paint {
  readonly strong: (text: string) => string
  readonly quiet: (text: string) => string
  readonly good: (text: string) => string
  readonly warn: (text: string) => string
  readonly bad: (text: string) => string
  readonly accent: (text: string) => string
}

/** Colour only where a person looks: not when piped, not under NO_COLOR or a dumb terminal. FORCE_COLOR overrules. */
export function wantsColour(isTty: boolean, variables: Variables): boolean {
  if ((variables['NO_COLOR'] ?? '') !== '') return false
  const forced = variables['FORCE_COLOR']
  if (forced !== undefined) return forced !== '0' && forced !== 'false'
  return isTty && variables['TERM'] !== 'dumb'
}

/** `mark` goes into every colour, so that what prints can tell it from one that came with the data. */
export function createPaint(colour: boolean, mark = ''): Paint {
  const style =
    (open: number, close: number) =>
    (text: string): string =>
      colour && text !== '' ? `\u001b[${open}${mark}m${text}\u001b[${close}${mark}m` : text
  return {
    strong: style(1, 22),
    quiet: style(2, 22),
    good: style(32, 39),
    warn: style(33, 39),
    bad: style(31, 39),
    accent: style(36, 39),
  }
}
