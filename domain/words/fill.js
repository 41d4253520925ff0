// Plain JavaScript, because the page loads this very file.

const comma = { en: ', ', zh: '、' }
const semicolon = { en: '; ', zh: '；' }
const gap = { en: ' ', zh: '' }
const optional = /\[\?([^\]]*\{[^\]]*)\]/g
const place = /(["“]?)\{(\w+)(?::(\w+))?\}(["”]?)/g

const namesIn = (text) => [...text.matchAll(place)].map(([, , name]) => name)
const isGiven = (value) =>
  value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0)
const isSaid = (value) => typeof value === 'object' && value !== null && typeof value.code === 'string'
const listOf = (value) => (Array.isArray(value) ? value : [value])

/** A text of one language with its values. A place that has none stays as it is. */
export function fill(voice, text, values) {
  const whole = text.replaceAll(optional, (_, part) =>
    namesIn(part).every((name) => isGiven(values[name])) ? part : '',
  )
  return whole.replaceAll(place, (found, open, name, kind, close, at) => {
    const value = values[name]
    if (value === undefined || value === null) return found
    const quoted = open !== '' && close !== ''
    const items = listOf(value).map((item) => {
      const shown = itemText(voice, item, kind)
      return quoted && !isSaid(item) ? `${open}${shown}${close}` : shown
    })
    const shown = items.join(separator(listOf(value), { quoted, kind })[voice.language])
    const end = isSaid(value) ? fullStop(shown, whole.slice(0, at), whole.slice(at + found.length)) : ''
    return quoted ? `${shown}${end}` : `${open}${shown}${close}${end}`
  })
}

/** What another program wrote, or a clause, ends without a full stop; where a sentence follows it gets one. */
function fullStop(shown, before, after) {
  if (/^ [A-Z]/.test(after)) return /[.!?]["”)]?$/.test(shown) ? '' : '.'
  if (/：$/.test(before) && /^[^\s，。；：、！？）”\]]/.test(after))
    return /[。！？]$/.test(shown) ? '' : '。'
  return ''
}

/** Words are joined by commas, clauses of three words and more by semicolons, whole sentences by nothing. */
function separator(items, { quoted, kind }) {
  if (kind === 'sentences') return gap
  return !quoted && kind === undefined && items.some(isClause) ? semicolon : comma
}

const isClause = (item) =>
  isSaid(item) ? item.code !== 'and-more' : /[,，、]|\S\s+\S+\s+\S/.test(String(item))

function itemText(voice, item, kind) {
  if (isSaid(item)) return sayIn(voice, item)
  return kind === undefined ? plain(item) : nameIn(voice, kind, String(item))
}

/** A fraction to three places, cut and not rounded: 0.9996 of something is not all of it. */
function plain(item) {
  if (typeof item !== 'number' || Number.isInteger(item) || Math.abs(item) < 0.001) return String(item)
  return String(Math.trunc(Number((item * 1_000).toPrecision(12))) / 1_000)
}

/** A word of the trade; one that is not known is shown as it came. */
export function nameIn(voice, kind, name) {
  const { names } = voice.catalogue
  const known = Object.hasOwn(names, kind) && Object.hasOwn(names[kind], name) ? names[kind][name] : undefined
  return known?.[voice.language] ?? name
}

const textOf = (voice, said) => said.text?.[voice.language]

/** What is said, from the catalogue; the text that came along where the catalogue cannot say it. */
export function sayIn(voice, said, otherwise) {
  if (!canSay(voice, said)) return textOf(voice, said) ?? otherwise ?? said.code
  return fill(voice, voice.catalogue.sentences[said.code][voice.language], said.values)
}

/** Whether the catalogue has the word, and the word all values it needs. */
export function canSay(voice, said) {
  const { sentences } = voice.catalogue
  if (!Object.hasOwn(sentences, said.code)) return false
  const values = said.values ?? {}
  const needed = namesIn(sentences[said.code][voice.language].replaceAll(optional, ''))
  return (
    needed.every((name) => values[name] !== undefined && values[name] !== null) &&
    Object.values(values).every((value) =>
      listOf(value).every(
        (item) => !isSaid(item) || textOf(voice, item) !== undefined || canSay(voice, item),
      ),
    )
  )
}
