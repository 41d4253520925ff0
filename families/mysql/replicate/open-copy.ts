import { MysqlSideServesError } from '../errors.ts'
import { accountsOf, followerOf, isFollower, openAccounts, unlockAccounts } from '../server/accounts.ts'
import { dropChannel } from '../server/channel.ts'
import { text } from '../server/quote.ts'
import { readRecord, writeRecord } from '../sides/record.ts'
import { type MysqlSide, withSession } from '../side.ts'

/**
 * Opens a copy for tests: it follows its source no more, and lets in who is let in there. Its events stay off. Run again it changes nothing.
 * @throws MysqlSideServesError for what is no copy, or not a whole one
 */
export async function openCopy(source: MysqlSide, copy: MysqlSide): Promise<number> {
  const accounts = await withSession(source, async (session) =>
    openAccounts((await accountsOf(session, [])).filter((one) => !isFollower(one))),
  )
  await withSession(copy, async (session) => {
    const read = await readRecord(session, copy)
    if (read?.state !== 'copy' || read.detail.unfinished === true)
      throw new MysqlSideServesError(copy.name, read?.state ?? 'unknown')
    await dropChannel(session)
    await writeRecord(session, copy, read, {
      state: 'copy',
      generation: 0,
      detail: { logState: '', opened: true },
    })
    await session.run('SET GLOBAL read_only = OFF')
    await unlockAccounts(session, accounts)
  })
  await withSession(source, async (session) =>
    session.run(`DROP USER IF EXISTS ${text(followerOf(copy))}@'%'`),
  )
  return accounts.length
}
