/** What `base64` and PEM files break their lines at. */
const lineLengths = [76, 64]

/** The texts in which a secret can come back from a host: as it is, quoted, escaped, encoded, and by its lines. */
export function secretForms(value: string): readonly string[] {
  // Lines come one by one from programs that encode the whole.
  const lines = value.split(/\r?\n/).filter((line) => line.length >= shortestLine)
  return lines.length < 2 && lines[0] === value ? formsOf(value) : [value, ...lines].flatMap(formsOf)
}

/** What is shorter stands in other texts as well. */
const shortestLine = 4

function formsOf(value: string): readonly string[] {
  const bytes = Buffer.from(value, 'utf8')
  const json = JSON.stringify(value).slice(1, -1)
  const url = encodeURIComponent(value)
  // As forms are sent: the asterisk stays.
  const form = strict(url).replaceAll('%2A', '*').replaceAll('%20', '+').replaceAll('~', '%7E')
  const hex = bytes.toString('hex')
  const base64 = [0, 1, 2].flatMap((shift) => base64Within(bytes, shift))
  const everyByte = hex.replaceAll(/../g, '%$&')
  return [
    value,
    ...[json, json.replaceAll('/', String.raw`\/`), ascii(json)],
    ...[value.replaceAll("'", "''"), value.replaceAll("'", String.raw`'\''`), value.replaceAll('"', '""')],
    value.replaceAll(/[\\"$`]/g, String.raw`\$&`),
    ...[markup(value), markup(value).replaceAll("'", '&#39;'), markup(value).replaceAll("'", '&#x27;')],
    ...[url, strict(url), strict(url).replaceAll('%20', '+'), form].flatMap(bothCases),
    ...[everyByte, everyByte.toUpperCase()],
    ...[hex, hex.toUpperCase(), hex.replaceAll(/..(?!$)/g, '$& '), hex.replaceAll(/..(?!$)/g, '$&:')],
    ...base64.flatMap((text) => [text, ...lineLengths.flatMap((length) => linesOf(text, length))]),
  ]
}

/** Where a secret stands within a longer text, its base64 depends on how many bytes are before it; what it shares is left out. */
function base64Within(bytes: Buffer, shift: number): readonly string[] {
  const text = Buffer.concat([Buffer.alloc(shift), bytes]).toString('base64')
  const begin = shift === 0 ? 0 : shift + 1
  const own = text.slice(begin, Math.floor(((shift + bytes.length) * 8) / 6))
  const whole = shift === 0 ? [text] : []
  return [...whole, own].flatMap((one) => [one, one.replaceAll('+', '-').replaceAll('/', '_')])
}

function linesOf(text: string, length: number): readonly string[] {
  return text.length <= length ? [] : (text.match(new RegExp(`.{1,${String(length)}}`, 'g')) ?? [])
}

/** JSON that some programs write: every character beyond ASCII escaped. */
function ascii(json: string): string {
  return json.replaceAll(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function markup(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}

/** `encodeURIComponent` leaves what RFC 3986 reserves. */
function strict(url: string): string {
  return url.replaceAll(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
}

function bothCases(url: string): readonly string[] {
  return [url, url.replaceAll(/%../g, (escaped) => escaped.toLowerCase())]
}
