import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'
import type { FoundAtPlace, Removal } from '../family.ts'
import { MysqlSideServesError } from './errors.ts'
import { accountsOf } from './server/accounts.ts'
import { dropChannel } from './server/channel.ts'
import { account, name, text } from './server/quote.ts'
import type { Session } from './server/session.ts'
import { dropControl, readRecord } from './sides/record.ts'
import { type MysqlSide, withSession } from './side.ts'

/** A database before it is dropped, as the proof shows it. */
export interface DatabaseFound extends FoundAtPlace {
  readonly name: string
  readonly tables: number
  readonly accounts: number
}

async function lookFor(
  session: Session,
  { database }: MysqlSide,
): Promise<{ readonly exists: boolean; readonly tables: number; readonly bytes: number }> {
  const { found } = await session.row<{ found: string }>(
    `SELECT COUNT(*) AS found FROM information_schema.schemata WHERE schema_name = ${text(database)}`,
  )
  const { tables, bytes } = await session.row<{ tables: string; bytes: string | null }>(
    `SELECT COUNT(*) AS tables, SUM(data_length + index_length) AS bytes
       FROM information_schema.tables WHERE table_schema = ${text(database)}`,
  )
  return { exists: Number(found) > 0, tables: Number(tables), bytes: Number(bytes ?? 0) }
}

/** Drops a database that a switch has closed, with its accounts and the log of its server. One that is gone was dropped by an earlier run. */
export const removal: Removal<MysqlSide, DatabaseFound> = {
  async check(side) {
    await withSession(side, async (session) => {
      if (!(await lookFor(session, side)).exists) return
      const record = await readRecord(session, side)
      if (record?.state === 'copy' || (record?.state === 'closed' && record.decided)) return
      throw new MysqlSideServesError(side.name, record?.state ?? 'unknown')
    })
  },
  async find(side) {
    return withSession(side, async (session) => {
      const { tables, bytes } = await lookFor(session, side)
      const accounts = await accountsOf(session, [])
      return { name: side.database, tables, bytes, accounts: accounts.length }
    })
  },
  async remove(side) {
    await withSession(side, async (session) => {
      await dropChannel(session)
      await session.run(`DROP DATABASE IF EXISTS ${name(side.database)}`)
      for (const { isRole, ...one } of await accountsOf(session, []))
        await session.run(
          isRole ? `DROP ROLE IF EXISTS ${text(one.user)}` : `DROP USER IF EXISTS ${account(one)}`,
        )
      // Its log has every change of the rows.
      await session.run('RESET MASTER')
    })
  },
  disposal: (_side, { name: database, bytes, tables, accounts }) => ({
    overwritten: [],
    removedOnly: [said('mysql-wiped', { name: database, bytes, tables, accounts })],
    stillThere: [] as readonly Said[],
    notLookedAt: [said('mysql-wiped-not-looked-at')],
  }),
  async left(side) {
    return withSession(side, async (session) =>
      (await lookFor(session, side)).exists ? [`database ${side.database}`] : [],
    )
  },
  forget: async (side) => withSession(side, dropControl),
}
