/** The target of an entry. */
export interface EntryTarget {
  readonly host: string
  readonly port: number
  readonly database: string
}

/** One line of a pgbouncer file, and its entry if the line is in the section of databases. */
interface Line {
  readonly text: string
  readonly isDatabases: boolean
  readonly entry?: { readonly name: string; readonly before: string; readonly connection: string }
}

const entryPattern = /^(\s*(?:"((?:[^"]|"")+)"|([^\s="[;#%]+))\s*=\s*)(.*?)(\r?)$/
/** A setting, with the white space before it. */
const settingPattern = /\s*\b([a-z_]+)\s*=\s*('(?:[^']|'')*'|[^\s']*)/g
const header = /^\s*\[([^\]]*)\]/
const includeLine = /^\s*%include\s+(.+?)\s*$/
const databases = 'databases'

/**
 * Reads the lines with their sections. Lines before the first header belong to the databases if the file has no such section, because
 * pgbouncer reads an included file as part of the section that includes it.
 */
function linesOf(content: string): readonly Line[] {
  const texts = content.split('\n')
  const isWholeFile = !texts.some((text) => header.exec(text)?.[1] === databases)
  let section = isWholeFile ? databases : ''
  return texts.map((text): Line => {
    const name = header.exec(text)?.[1]
    if (name !== undefined) section = name
    const isDatabases = section === databases
    const match = isDatabases && name === undefined ? entryPattern.exec(text) : null
    if (match === null) return { text, isDatabases }
    const [, before = '', quoted, plain = '', connection = ''] = match
    return { text, isDatabases, entry: { name: quoted?.replaceAll('""', '"') ?? plain, before, connection } }
  })
}

/** The names of the entries in a pgbouncer file, including `*`. */
export function entryNames(content: string): readonly string[] {
  return linesOf(content).flatMap(({ entry }) => (entry === undefined ? [] : [entry.name]))
}

/** The files that a pgbouncer file includes, as they are written there. */
export function includedFiles(content: string): readonly string[] {
  return content.split('\n').flatMap((text) => includeLine.exec(text)?.[1] ?? [])
}

/**
 * Returns the file with a new target of one entry. Every other line and every other setting of the entry stays. Undefined if the file
 * has no such entry.
 */
export function pointEntry(content: string, entry: string, target: EntryTarget): string | undefined {
  return setInEntry(content, entry, {
    host: target.host,
    port: String(target.port),
    dbname: target.database,
  })
}

/** Returns the file with changed settings of one entry; undefined removes a setting. Undefined if there is no such entry. */
export function setInEntry(
  content: string,
  entry: string,
  changed: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const lines = linesOf(content)
  if (!lines.some((line) => line.entry?.name === entry)) return undefined
  return lines
    .map((line) => {
      if (line.entry?.name !== entry) return line.text
      const connection = Object.entries(changed).reduce(withSetting, line.entry.connection)
      return `${line.entry.before}${connection}${line.text.endsWith('\r') ? '\r' : ''}`
    })
    .join('\n')
}

/** Changes a setting in place, appends it, or removes it; every other byte stays. */
function withSetting(connection: string, [key, value]: readonly [string, string | undefined]): string {
  let isThere = false as boolean
  const text = connection.replace(settingPattern, (found, name: string) => {
    if (name !== key) return found
    isThere = true
    const space = /^\s*/.exec(found)?.[0] ?? ''
    return value === undefined ? '' : `${space}${key}=${quoteValue(value)}`
  })
  if (isThere || value === undefined) return text
  return text.trim() === '' ? `${key}=${quoteValue(value)}` : `${text} ${key}=${quoteValue(value)}`
}

/** Returns the file with an added entry, or with a new target of an existing one. A new entry also gets `settings`. */
export function putEntry(
  content: string,
  entry: string,
  target: EntryTarget,
  settings: Readonly<Record<string, string>> = {},
): string {
  const replaced = pointEntry(content, entry, target)
  if (replaced !== undefined) return replaced
  const all = { host: target.host, port: String(target.port), dbname: target.database, ...settings }
  return addLine(content, `${quoteName(entry)} = ${words(Object.entries(all))}`)
}

/** Appends a line to the section of databases, which is created if it is missing. */
function addLine(content: string, line: string): string {
  const lines = linesOf(content)
  const last = lines.findLastIndex(({ text, isDatabases }) => isDatabases && text.trim() !== '')
  const texts = lines.map(({ text }) => text)
  if (last === -1 && texts.some((text) => header.test(text)))
    return `${content.trimEnd()}\n\n[${databases}]\n${line}\n`
  const before = texts.slice(0, last + 1)
  const after = texts.slice(last + 1)
  return [...before, line, ...(after.length === 0 ? [''] : after)].join('\n')
}

/** Returns the file without an entry. */
export function removeEntry(content: string, entry: string): string {
  return linesOf(content)
    .filter((line) => line.entry?.name !== entry)
    .map(({ text }) => text)
    .join('\n')
}

/** The target of an entry in a file. As in pgbouncer, the last of several lines counts. Undefined if there is none. */
export function readEntry(content: string, entry: string): EntryTarget | undefined {
  const settings = entrySettings(content, entry)
  return (
    settings && {
      host: settings['host'] ?? '',
      port: Number(settings['port'] ?? 5432),
      database: settings['dbname'] ?? entry,
    }
  )
}

/** All settings in the line of an entry, which may include a password. */
export function entrySettings(content: string, entry: string): Readonly<Record<string, string>> | undefined {
  const found = linesOf(content).findLast((line) => line.entry?.name === entry)?.entry
  return found && Object.fromEntries(settingsOf(found.connection))
}

function settingsOf(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(settingPattern)].map(
    ([, key = '', value = '']) =>
      [key, value.startsWith("'") ? value.slice(1, -1).replaceAll("''", "'") : value] as const,
  )
}

function words(settings: readonly (readonly [string, string])[]): string {
  return settings.map(([key, value]) => `${key}=${quoteValue(value)}`).join(' ')
}

function quoteValue(value: string): string {
  return /^[^\s']+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`
}

function quoteName(name: string): string {
  return /^[A-Za-z0-9_.*-]+$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
