import { type Reading } from './read.ts'
import { sqlState, withClient } from '../server/connections.ts'
import type { Unlike } from './difference.ts'
import type { CatalogRow } from './catalog/query.ts'

/**
 * Servers of different versions print one and the same view differently. The newer one prints the older one's text in its
 * own way: as a view of this session, which is gone before anybody can see it.
 * @returns what is unlike all the same
 */
export async function withoutPrinting(
  unlike: readonly Unlike[],
  from: Reading,
  to: Reading,
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
    return text === undefined || text !== one[newer]?.text
  })
}

const isView = ({ kind }: Unlike): boolean => kind === 'view' || kind === 'materialized view'

/** What a server makes of the definitions of views; those it cannot make have no entry. Triggers on DDL do not fire. */
async function reprint(
  { port }: Reading,
  views: readonly CatalogRow[],
): Promise<ReadonlyMap<string, string>> {
  const printed = new Map<string, string>()
  await withClient(port, 'compare', async (client) => {
    await client.query(`set search_path = pg_catalog; set lock_timeout = '1s'; set statement_timeout = '10s'; begin;
      set local session_replication_role = replica`)
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

/** The definition, which ends with a semicolon, and the options behind it. */
function split(text: string): readonly [string, string] {
  const end = text.lastIndexOf(';')
  return [text.slice(0, end), text.slice(end + 1)]
}
