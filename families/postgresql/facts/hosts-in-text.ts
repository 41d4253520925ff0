/** A host that a text leads to. */
export interface HostInText {
  /** In lower case; `ownServer` where a connection string names none. */
  readonly host: string
  /** Whether it is named as the host of a PostgreSQL server, or in another address (`http://…`). */
  readonly ofDatabase: boolean
}

/** What a connection string that names no host leads to: the server that runs it. */
export const ownServer = '(no host)'

/** SQL keeps what it connects to in literals; of other languages it is not known how they write it. */
export type TextLanguage = 'sql' | 'other'

/** Further text of one object is not read. */
const readCharacters = 50_000
/** Literals in literals, as dynamic statements have them. */
const depths = 4

const beginsConnectionString =
  /^\s*(?:host|hostaddr|port|dbname|user|password|passfile|service|sslmode|connect_timeout|options|application_name|target_session_attrs)\s*=/i
const hostOfString = /(?:^|[\s'"(,])(?:host|hostaddr)\s*=\s*(?:'{1,2}|"|\\')?([^\s'"\\;)|%]+)/gi
const hostOfAddress =
  /\b([a-z][a-z0-9+]{0,15}):\/\/(?:[^\s/@'"]*@)?(\[[0-9a-f:.]+\]|%2f[^\s:/?#'",)]+|[^\s:/?#'",)\]%]+)/gi
const hostOfOption = /(?:\s-h[\s=]*|--host[\s=]+)['"]?([^\s'"-][^\s'";]*)/g

/**
 * The hosts that a text leads to: in connection strings (`host=… dbname=…`), in addresses (`postgresql://…`, `http://…`), and in options of
 * programs (`-h …`). What a text puts together from variables as it runs is not found.
 */
export function hostsInText(text: string, language: TextLanguage): readonly HostInText[] {
  const read = text.slice(0, readCharacters)
  const found =
    language === 'sql' ? inSql(read, depths) : [...inStrings(read), ...inAddresses(read), ...inOptions(read)]
  return [...new Map(found.map((one) => [`${one.host} ${String(one.ofDatabase)}`, one])).values()]
}

function inSql(text: string, depth: number): readonly HostInText[] {
  if (depth === 0) return []
  return joinedLiterals(text).flatMap((literals) => {
    const strings = literals.filter((one) => beginsConnectionString.test(one))
    const namesNone =
      strings.some((one) => /\b(?:dbname|port)\s*=/i.test(one)) &&
      !literals.some((one) => /\b(?:host|hostaddr|service)\s*=/i.test(one))
    return [
      ...strings.flatMap(inStrings),
      // A literal that has others in it is code: addresses in its comments lead nowhere.
      ...literals.filter((one) => !one.includes("'")).flatMap(inAddresses),
      ...(namesNone ? [{ host: ownServer, ofDatabase: true }] : []),
      ...literals.flatMap((one) => inSql(one, depth - 1)),
    ]
  })
}

const inStrings = (text: string): readonly HostInText[] =>
  [...text.matchAll(hostOfString)].flatMap(([, hosts = '']) => listed(hosts, true))

const inOptions = (text: string): readonly HostInText[] =>
  [...text.matchAll(hostOfOption)].flatMap(([, hosts = '']) => listed(hosts, true))

const inAddresses = (text: string): readonly HostInText[] =>
  [...text.matchAll(hostOfAddress)].flatMap(([, scheme = '', hosts = '']) =>
    listed(hosts.replace(/%2f/gi, '/'), /^postgres(?:ql)?$/i.test(scheme)),
  )

function listed(hosts: string, ofDatabase: boolean): readonly HostInText[] {
  return hosts
    .split(',')
    .map((host) => host.replace(/^\[|\]$/g, '').toLowerCase())
    .filter((host) => host !== '')
    .map((host) => ({ host, ofDatabase }))
}

/** Which of these names a literal of a text is, and nothing else, as a default or a comparison has it. */
export function namesAsLiterals(text: string, names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  const within = (part: string, depth: number): readonly string[] =>
    depth === 0
      ? []
      : joinedLiterals(part)
          .flat()
          .flatMap((one) => [one.trim().toLowerCase(), ...within(one, depth - 1)])
  const literals = new Set(within(text.slice(0, readCharacters), depths))
  return names.filter((name) => literals.has(name))
}

const opening = /--|\/\*|\$\w*\$|'|"|[,;]/g

/**
 * The contents of the literals of a text in SQL; those that an expression joins to one string stand together. Reads the text once: what is
 * never closed ends it.
 */
function joinedLiterals(text: string): readonly (readonly string[])[] {
  const groups: string[][] = [[]]
  for (let at = 0; ;) {
    opening.lastIndex = at
    const found = opening.exec(text)
    if (found === null) break
    const [mark] = found
    const from = found.index + mark.length
    if (mark === ',' || mark === ';') {
      groups.push([])
      at = from
      continue
    }
    const isEscaped = mark === "'" && /e/i.test(text[found.index - 1] ?? '')
    const end = mark === "'" ? endOfQuoted(text, from, isEscaped) : text.indexOf(closing(mark), from)
    if (end === -1) break
    if (mark === "'") groups.at(-1)?.push(unquoted(text.slice(from, end), isEscaped))
    else if (mark.startsWith('$')) groups.at(-1)?.push(text.slice(from, end))
    at = end + closing(mark).length
  }
  return groups.filter((group) => group.length > 0)
}

function closing(mark: string): string {
  return mark === '--' ? '\n' : mark === '/*' ? '*/' : mark
}

function endOfQuoted(text: string, from: number, isEscaped: boolean): number {
  const mark = isEscaped ? /\\[^]|''|'/g : /''|'/g
  mark.lastIndex = from
  for (let found = mark.exec(text); found !== null; found = mark.exec(text))
    if (found[0] === "'") return found.index
  return -1
}

function unquoted(literal: string, isEscaped: boolean): string {
  const content = literal.replaceAll("''", "'")
  return isEscaped ? content.replace(/\\([^])/g, '$1') : content
}
