import type { ConnectedSide } from '../server/connections.ts'
import { assertOwnPublication } from '../server/own-places.ts'
import { sideName } from '../side-name.ts'

/** The publication of a side. Both sides have one, so that each can follow the other. */
export const publication = 'qianyun'

/** @throws OwnPlaceTakenError when one of that name is somebody else's, or leaves rows out */
export async function ensurePublication({ app, port }: Pick<ConnectedSide, 'app' | 'port'>): Promise<void> {
  const { rowCount } = await app.query('select from pg_publication where pubname = $1', [publication])
  if (rowCount === 0) await app.query(`create publication ${publication} for all tables`)
  await assertOwnPublication(app, sideName(port))
}
