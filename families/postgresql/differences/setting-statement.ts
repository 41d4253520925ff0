import pg from 'pg'

/** Settings whose value is stored as a list of identifiers, quoted if necessary. */
const identifierLists = new Set([
  'search_path',
  'temp_tablespaces',
  'local_preload_libraries',
  'session_preload_libraries',
])

export interface SettingPlace {
  readonly database?: string
  readonly role?: string
}

/**
 * The statement for a setting of a database, of a role, or of a role in a database. Any role chooses names and values of its settings, and
 * a superuser runs this statement, so all of them must be quoted.
 */
export function settingStatement({ database, role }: SettingPlace, name: string, value: string): string {
  const items = identifierLists.has(name) ? listItems(value) : [value]
  const written = items.map((item) => pg.escapeLiteral(item)).join(', ')
  const target =
    role === undefined
      ? `database ${pg.escapeIdentifier(database ?? '')}`
      : `role ${pg.escapeIdentifier(role)}${database === undefined ? '' : ` in database ${pg.escapeIdentifier(database)}`}`
  return `alter ${target} set ${pg.escapeIdentifier(name)} to ${written}`
}

/** The names in a stored list: `a, "B ""c"""` gives a and B "c". */
function listItems(value: string): readonly string[] {
  const items = value.match(/"(?:[^"]|"")*"|[^",\s]+/g) ?? ['']
  return items.map((item) => (item.startsWith('"') ? item.slice(1, -1).replaceAll('""', '"') : item))
}
