import type pg from 'pg'
import { type ConnectedSide, sqlState } from '../server/connections.ts'
import { assertOwnPublication } from '../server/own-places.ts'
import { sideName } from '../side-name.ts'

/** The publication of a side. Both sides have one, so that each can follow the other. */
export const publication = 'qianyun'

/** @throws OwnPlaceTakenError when one of that name is somebody else's, or leaves rows out */
export async function ensurePublication({ app, port }: Pick<ConnectedSide, 'app' | 'port'>): Promise<void> {
  const { rowCount } = await app.query('select from pg_publication where pubname = $1', [publication])
  if (rowCount === 0) await createPublication(app)
  await assertOwnPublication(app, sideName(port))
  await publishNewTables(app)
}

/** A service may let its administrator publish whatever comes; elsewhere only a superuser does, and each table is named. */
async function createPublication(app: pg.Client): Promise<void> {
  try {
    await app.query(`create publication ${publication} for all tables`)
  } catch (error) {
    if (sqlState(error) !== '42501') throw error
    await app.query(`create publication ${publication}`)
  }
}

/**
 * Names the tables in a publication that lists them, which have come since. A partition comes with its parent; one whose owner the administrator
 * may not act for is left, and counts as a table that is not followed.
 */
export async function publishNewTables(app: pg.Client): Promise<void> {
  const { rows } = await app.query<{ name: string }>(
    `select format('%I.%I', n.nspname, c.relname) as name
       from pg_publication p, pg_class c join pg_namespace n on n.oid = c.relnamespace
      where p.pubname = $1 and not p.puballtables and c.relkind in ('r', 'p') and c.relpersistence = 'p' and not c.relispartition
        and pg_has_role(current_user, c.relowner, 'usage')
        and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
        and not exists (select from pg_publication_rel r where r.prpubid = p.oid and r.prrelid = c.oid) order by 1`,
    [publication],
  )
  if (rows.length === 0) return
  await app.query(`alter publication ${publication} add table ${rows.map(({ name }) => name).join(', ')}`)
}
