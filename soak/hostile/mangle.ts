import type { Dice } from '../dice.ts'

/** Places of texts in a document: names of fields and items from the root on. */
type Place = readonly (string | number)[]

/** Where the texts of a JSON document are. */
export function textsIn(value: unknown, at: Place = []): readonly Place[] {
  if (typeof value === 'string') return [at]
  if (Array.isArray(value)) return value.flatMap((item: unknown, index) => textsIn(item, [...at, index]))
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return []
  return Object.entries(value).flatMap(([name, inner]) => textsIn(inner, [...at, name]))
}

/** The document with the value at a place replaced. */
export function replacedAt(document: unknown, place: Place, value: unknown): unknown {
  const [name, ...rest] = place
  if (name === undefined) return value
  if (Array.isArray(document))
    return document.map((item: unknown, index) => (index === name ? replacedAt(item, rest, value) : item))
  const fields = document as Readonly<Record<string, unknown>>
  return { ...fields, [name]: replacedAt(fields[name], rest, value) }
}

/** The text at a place. */
export function textAt(document: unknown, place: Place): string {
  const found = place.reduce<unknown>(
    (part, name) => (part as Readonly<Record<string | number, unknown>>)[name],
    document,
  )
  return String(found)
}

const broken = ['\0', '\ud83d', '\udc00', '\ud83d\ud83d', '\u0000\u0000']

/** A text with something in it that no text may hold. */
export function brokenText(dice: Dice, text: string): string {
  // Not between the halves of a character, of which the part would make whole ones.
  const at = dice.one([0, text.length])
  return `${text.slice(0, at)}${dice.one(broken)}${text.slice(at)}`
}

const letters = [
  ...Array.from('abcxyz019 _-.,:;!?"\'`$%&|<>=+*/\\(){}[]#@~^\n\t'),
  '${',
  '}}',
  '&&',
  '||',
  '..',
  '- ',
  ': ',
  '\0',
  '\ud83d',
  '许可',
  '\u202e',
  '\ufeff',
  '1e999',
  'size(',
  '.map(x, ',
  '.all(y, ',
  '!!js/function ',
  '&a ',
  '*a',
  '<<: ',
  '"\\u0000"',
  '__proto__',
  'constructor',
]

/** A text with some of it cut out, doubled or replaced. */
export function mangled(dice: Dice, text: string): string {
  let now = text
  for (let changes = dice.between(1, 4); changes > 0; changes -= 1) {
    const from = dice.between(0, now.length)
    const to = Math.min(now.length, from + dice.between(0, 12))
    const part = dice.happens(0.3)
      ? now.slice(from, to).repeat(dice.between(1, 40))
      : Array.from({ length: dice.between(0, 4) }, () => dice.one(letters)).join('')
    now = `${now.slice(0, from)}${part}${now.slice(dice.happens(0.5) ? to : from)}`
  }
  return now.slice(0, 100_000)
}
