import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { ownApplicationName } from '../server/connections.ts'

/** The transactions that are longest open in a database, each in words for a person: whoever waits for a lock waits for one. */
export async function whoHoldsLocks(
  control: pg.Client,
  { database }: Pick<DatabasePort, 'database'>,
): Promise<readonly string[]> {
  const { rows } = await control.query<{ words: string }>(
    `select format('process %s of "%s" ("%s") in a transaction since %s: %s', pid, usename, application_name,
                   to_char(xact_start at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), left(query, 60)) as words
       from pg_stat_activity
      where datname = $1 and xact_start is not null and not (usename = session_user and application_name like '${ownApplicationName}%')
        and backend_type = 'client backend'
      order by xact_start limit 5`,
    [database],
  )
  return rows.map(({ words }) => words)
}
