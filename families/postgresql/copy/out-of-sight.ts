import type pg from 'pg'

/**
 * What keeps a server, and extensions that watch statements, from keeping the text of one; those that it lacks are passed over. Its log takes
 * nothing of the session meanwhile, whatever settings would write there: an error, too, may quote what it is about.
 */
const quiet: Readonly<Record<string, string>> = {
  log_min_messages: 'panic',
  track_activities: 'off',
  'pgaudit.log': 'none',
  'pg_stat_statements.track': 'none',
  'pg_stat_monitor.pgsm_track': 'none',
}

/** The administrator of a service may be granted some of them, one by one, from version 15 on: those alone are tried. */
const maySet = `(select rolsuper from pg_roles where rolname = current_user)`

type Settings = Readonly<Record<string, string>>

/** Runs a statement that holds a password, out of sight of the server's log, its activity view and extensions that keep statements. */
export async function outOfSight(client: pg.Client, statement: string): Promise<void> {
  const before = await settingsOf(client)
  await setAll(client, Object.fromEntries(Object.keys(before).map((name) => [name, quiet[name] ?? ''])))
  try {
    await client.query(statement)
  } finally {
    await setAll(client, before).catch(() => undefined)
  }
}

/** Those of the settings that the server has, and that a session may change, as they are. */
async function settingsOf(client: pg.Client): Promise<Settings> {
  const { rows } = await client.query<{ name: string; value: string }>(
    `select name, current_setting(name) as value from pg_settings
      where name = any ($1) and (context = 'user' or context = 'superuser' and ${maySet})`,
    [Object.keys(quiet)],
  )
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

async function setAll(client: pg.Client, settings: Settings): Promise<void> {
  await client.query('select set_config(key, value, false) from json_each_text($1)', [
    JSON.stringify(settings),
  ])
}
