import { type Reading } from './read.ts'
import { sessionAs, sqlState, withClient } from '../server/connections.ts'
import type { Unlike } from './difference.ts'
import type { CatalogRow } from './catalog/query.ts'

/**
 * Servers of different versions print the same view differently. So the newer server prints the older server's text in its own way, by a
 * temporary view that no other session sees.
 * @returns the remaining differences
 */
export async function withoutPrinting(
  unlike: readonly Unlike[],
  from: Reading,
  to: Reading,
  alike: (row: CatalogRow) => CatalogRow,
): Promise<readonly Unlike[]> {
  if (from.major === to.major) return unlike
  const newer = from.major > to.major ? 'from' : 'to'
  const older = newer === 'from' ? 'to' : 'from'
  const asked = unlike.filter((one) => isView(one) && one.from !== undefined && one.to !== undefined)
  if (asked.length === 0) return unlike
  const printed = await reprint(
    newer === 'from' ? from : to,
    asked.flatMap((one) => one[older] ?? []),
  )
  return unlike.filter((one) => {
    const text = printed.get(one.identity)
    const row = one[newer]
    return text === undefined || (row && alike({ ...row, text }).text) !== row?.text
  })
}

const isView = ({ kind }: Unlike): boolean => kind === 'view' || kind === 'materialized view'

/** The definitions of views as a server prints them; those that it cannot create have no entry. Event triggers do not fire. */
async function reprint(
  { port }: Reading,
  views: readonly CatalogRow[],
): Promise<ReadonlyMap<string, string>> {
  const printed = new Map<string, string>()
  await withClient(port, 'compare', async (client) => {
    await client.query(
      `set search_path = pg_catalog; set lock_timeout = '1s'; set statement_timeout = '10s'; begin; ${sessionAs('replica', 'local')}`,
    )
    for (const { identity, text } of views) {
      const [definition, options] = split(text)
      await client.query('savepoint view')
      try {
        await client.query(`create temporary view qianyun_reprint as ${definition}`)
        const { rows } = await client.query<{ text: string }>(
          `select pg_get_viewdef('pg_temp.qianyun_reprint'::regclass) as text`,
        )
        printed.set(identity, `${rows[0]?.text ?? ''}${options}`)
      } catch (error) {
        if (sqlState(error) === undefined) throw error
      }
      await client.query('rollback to savepoint view')
    }
    await client.query('rollback')
  })
  return printed
}

/** The definition up to its semicolon, and the options after it. */
function split(text: string): readonly [string, string] {
  const end = text.lastIndexOf(';')
  return [text.slice(0, end), text.slice(end + 1)]
}
