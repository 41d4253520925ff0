/** Where an entry sends its clients. */
export interface EntryTarget {
  readonly host: string
  readonly port: number
  readonly database: string
}

const entryLine = /^(\s*)("?)([A-Za-z_*][A-Za-z0-9_.*-]*)\2(\s*=\s*)(.*)$/

/** The names of the entries in a file of database lines. */
export function entryNames(content: string): readonly string[] {
  return content.split('\n').flatMap((line) => {
    const name = entryLine.exec(line)?.[3]
    return name === undefined || line.trimStart().startsWith(';') ? [] : [name]
  })
}

/**
 * Gives the file with one entry pointed elsewhere. Every other line, and every other setting of the entry, stays as it is.
 * Undefined when the file has no such entry.
 */
export function pointEntry(content: string, entry: string, target: EntryTarget): string | undefined {
  const lines = content.split('\n').map((line) => {
    const match = entryLine.exec(line)
    if (match?.[3] !== entry) return line
    const kept = settings(match[5] ?? '').filter(([key]) => !['host', 'port', 'dbname'].includes(key))
    const all: readonly (readonly [string, string])[] = [
      ['host', target.host],
      ['port', String(target.port)],
      ['dbname', target.database],
      ...kept,
    ]
    const words = all.map(([key, value]) => `${key}=${quoteValue(value)}`).join(' ')
    return `${match[1] ?? ''}${match[2] ?? ''}${entry}${match[2] ?? ''} = ${words}`
  })
  return entryNames(content).includes(entry) ? lines.join('\n') : undefined
}

/** Gives the file with an entry added, or pointed elsewhere when it is there; `settings` are added to a new one. */
export function putEntry(
  content: string,
  entry: string,
  target: EntryTarget,
  settings: Readonly<Record<string, string>> = {},
): string {
  const replaced = pointEntry(content, entry, target)
  if (replaced !== undefined) return replaced
  const all = Object.entries({
    host: target.host,
    port: String(target.port),
    dbname: target.database,
    ...settings,
  })
  const line = `${entry} = ${all.map(([key, value]) => `${key}=${quoteValue(value)}`).join(' ')}`
  return `${content.trimEnd()}\n${line}\n`
}

/** Gives the file without an entry. */
export function removeEntry(content: string, entry: string): string {
  return content
    .split('\n')
    .filter((line) => entryLine.exec(line)?.[3] !== entry)
    .join('\n')
}

/** Where an entry of a file points; undefined when the file has no such entry. */
export function readEntry(content: string, entry: string): EntryTarget | undefined {
  for (const line of content.split('\n')) {
    const match = entryLine.exec(line)
    if (match?.[3] !== entry) continue
    const found = new Map(settings(match[5] ?? ''))
    return {
      host: found.get('host') ?? '',
      port: Number(found.get('port') ?? 5432),
      database: found.get('dbname') ?? entry,
    }
  }
  return undefined
}

function settings(text: string): readonly (readonly [string, string])[] {
  return [...text.matchAll(/([a-z_]+)\s*=\s*('(?:[^']|'')*'|[^\s']+)/g)].map(
    ([, key = '', value = '']) =>
      [key, value.startsWith("'") ? value.slice(1, -1).replaceAll("''", "'") : value] as const,
  )
}

function quoteValue(value: string): string {
  return /^[^\s']+$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`
}
