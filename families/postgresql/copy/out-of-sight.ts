import type pg from 'pg'

const hide = `set log_statement = none; set log_min_duration_statement = -1; set log_min_error_statement = panic;
  set log_duration = off; set track_activities = off`
const showAgain = `reset log_statement; reset log_min_duration_statement; reset log_min_error_statement;
  reset log_duration; reset track_activities`

/** Runs a statement that holds a password, out of sight of the server's log and its activity view. */
export async function outOfSight(client: pg.Client, statement: string): Promise<void> {
  await client.query(hide)
  try {
    await client.query(statement)
  } finally {
    await client.query(showAgain).catch(() => undefined)
  }
}
