import { controlDatabase } from '../server/control-database.ts'
import { definerOf, eventsOf } from '../server/events.ts'
import { account, name, text } from '../server/quote.ts'
import type { Session } from '../server/session.ts'
import type { ReadRecord } from '../sides/record.ts'
import type { MysqlSide } from '../side.ts'

const guard = `${controlDatabase}.undo`
/** What a run that undoes the switch itself may take for that. */
const graceSeconds = 3

/**
 * Leaves an event at the server of a side that was closed. It has the side serve again once the time of its switch is over, where no run is
 * left that would, by the same change of the record: a switch that was decided meanwhile stays. It does nothing where the server runs no events.
 */
export async function leaveGuard(
  session: Session,
  side: MysqlSide,
  { token, detail }: ReadRecord,
  deadlineMs: number,
): Promise<void> {
  const fence = detail.fence ?? { accounts: [], events: [] }
  const events = (await eventsOf(session, side.database)).filter(({ event }) => fence.events.includes(event))
  const undo = [
    ...(fence.accounts.length === 0
      ? []
      : [`ALTER USER IF EXISTS ${fence.accounts.map(account).join(', ')} ACCOUNT UNLOCK`]),
    ...events.map(
      ({ event, definer }) =>
        `ALTER DEFINER = ${definerOf(definer)} EVENT ${name(side.database)}.${name(event)} ENABLE`,
    ),
  ]
  await session.run(
    `CREATE OR REPLACE EVENT ${guard} ON SCHEDULE AT CURRENT_TIMESTAMP + INTERVAL ${String(Math.ceil(deadlineMs / 1_000) + graceSeconds)} SECOND DO
     BEGIN
       SET SESSION sql_log_bin = 0;
       UPDATE ${controlDatabase}.side SET state = 'open', token = REPLACE(UUID(), '-', '')
        WHERE dataset = ${text(side.database)} AND token = ${text(token)} AND state = 'closed' AND NOT decided;
       IF ROW_COUNT() = 1 THEN
         SET GLOBAL read_only = OFF;
         ${undo.map((sql) => `EXECUTE IMMEDIATE ${text(sql)};`).join('\n')}
       END IF;
     END`,
  )
}

export async function relieveGuard(session: Session): Promise<void> {
  await session.run(`DROP EVENT IF EXISTS ${guard}`)
}
