import { MysqlSideServesError } from '../errors.ts'
import { removal } from '../removal.ts'
import { followerOf } from '../server/accounts.ts'
import { text } from '../server/quote.ts'
import { recordOf } from '../sides/record.ts'
import { type MysqlSide, withSession } from '../side.ts'

const options = { mayBeEmpty: true, overwrite: false, signal: new AbortController().signal }

/** Removes a copy that never served, with what was made for it at the side it follows. Harmless when repeated. @throws MysqlSideServesError */
export async function discard(from: MysqlSide, copy: MysqlSide): Promise<void> {
  const record = await recordOf(copy)
  if (record !== undefined && record.state !== 'copy') throw new MysqlSideServesError(copy.name, record.state)
  if (record !== undefined) {
    await removal.remove(copy, await removal.find(copy, options), options)
    await removal.forget(copy)
  }
  await withSession(from, async (session) => session.run(`DROP USER IF EXISTS ${text(followerOf(copy))}@'%'`))
}
