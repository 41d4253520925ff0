import type pg from 'pg'
import type { CatalogRow } from './catalog/query.ts'

/** The words that a server quotes where they are names. */
export async function quotedWords(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ word: string }>(
    `select word from pg_get_keywords() where catcode <> 'U'`,
  )
  return rows.map(({ word }) => word)
}

/**
 * Servers of two versions quote other words. In the rows of both sides those words are quoted in the names of things, and are plain in
 * texts, apart from the bodies of functions.
 */
export function quotingAlike(
  one: readonly string[],
  other: readonly string[],
): (row: CatalogRow) => CatalogRow {
  const unlike = [...new Set([...one, ...other])].filter(
    (word) => one.includes(word) !== other.includes(word),
  )
  if (unlike.length === 0) return (row) => row
  const words = unlike.join('|')
  const quoted = new RegExp(`"(${words})"`, 'g')
  const bare = new RegExp(`(?<![\\w"$])(${words})(?![\\w"$])`, 'g')
  const plain = (text: string) => text.replace(quoted, '$1')
  const named = (text: string) => plain(text).replace(bare, '"$1"')
  return (row) => ({
    ...row,
    identity: named(row.identity),
    text: isCode(row) ? row.text.replace(/^[\s\S]*?(?=\nAS |$)/, plain) : plain(row.text),
    ...(typeof row.within === 'string' && { within: withinNamed(row.within, named) }),
  })
}

const isCode = ({ kind }: CatalogRow): boolean => kind === 'function' || kind === 'procedure'

/** `column desk.file.json`: the kind stays as it is. */
function withinNamed(within: string, named: (text: string) => string): string {
  const cut = /^(?:materialized view|foreign table|[a-z]+) /.exec(within)?.[0] ?? ''
  return `${cut}${named(within.slice(cut.length))}`
}
