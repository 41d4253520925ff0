import type pg from 'pg'
import type { CatalogRow } from './catalog/query.ts'

/** The words that a server quotes where they are names. */
export async function quotedWords(client: pg.Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ word: string }>(
    `select word from pg_get_keywords() where catcode <> 'U'`,
  )
  return rows.map(({ word }) => word)
}

/** Servers of two versions quote other words. In the rows of both sides those words stand without quotes, apart from the bodies of functions. */
export function quotingAlike(
  one: readonly string[],
  other: readonly string[],
): (row: CatalogRow) => CatalogRow {
  // A server may say what is no word at all.
  const words = [...new Set([...one, ...other])].filter(
    (word) => /^[a-z_]+$/.test(word) && one.includes(word) !== other.includes(word),
  )
  if (words.length === 0) return (row) => row
  const quoted = new RegExp(`"(${words.join('|')})"`, 'g')
  const plain = (text: string) => text.replace(quoted, '$1')
  return (row) => ({
    ...row,
    identity: plain(row.identity),
    ...textAlike(row, plain),
    ...(typeof row.within === 'string' && { within: plain(row.within) }),
  })
}

/** A catalog gives no text for what has nothing in it. */
function textAlike(row: CatalogRow, plain: (text: string) => string): Partial<CatalogRow> {
  const text: unknown = row.text
  if (typeof text !== 'string') return {}
  return { text: isCode(row) ? text.replace(/^[\s\S]*?(?=\nAS |$)/, plain) : plain(text) }
}

const isCode = ({ kind }: CatalogRow): boolean => kind === 'function' || kind === 'procedure'
