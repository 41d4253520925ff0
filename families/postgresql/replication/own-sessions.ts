import type pg from 'pg'
import { splitSetting } from '../differences/role-settings.ts'
import { settingStatement } from '../differences/setting-statement.ts'
import type { DatabasePort } from '../database.ts'
import { type ConnectedSide, sqlState, withClient } from '../server/connections.ts'
import { controlDatabase } from '../server/control-schema.ts'

/**
 * Settings of a server or a database under which a session of replication reads other values than were written, loses its rights, or ends
 * before a table is copied. Workers and WAL senders of a subscription log in by themselves: only a setting of their role reaches them.
 */
export const sessionSettings: Readonly<Record<string, string>> = {
  role: 'none',
  array_nulls: 'on',
  xmloption: 'content',
  statement_timeout: '0',
  lock_timeout: '0',
  idle_in_transaction_session_timeout: '0',
  transaction_timeout: '0',
}

interface KeptSetting {
  readonly name: string
  readonly had: string | null
}

/** Protects the sessions of replication in a database from its settings and those of its server. The earlier settings are on record. */
export async function protectOwnSessions({
  control,
  port,
}: Pick<ConnectedSide, 'control' | 'port'>): Promise<void> {
  const { database, adminUser: role } = port
  const known = await settingsOf(control, port)
  const { rows } = await control.query<{ name: string }>(
    'select name from pg_settings where name = any ($1)',
    [Object.keys(sessionSettings)],
  )
  const names = [...rows.map(({ name }) => name), 'role']
  await asOne(control, async () => {
    for (const name of new Set(names)) {
      const value = sessionSettings[name] ?? ''
      const had = known.get(name) ?? null
      if (had === value) continue
      await control.query(
        `insert into session_setting (database, name, had) values ($1, $2, $3)
           on conflict (database, name) do update set had = excluded.had`,
        [database, name, had],
      )
      await control.query(settingStatement({ database, role }, name, value))
    }
  })
}

/** A setting and its record change together: whoever dies in between leaves neither. */
async function asOne(control: pg.Client, work: () => Promise<void>): Promise<void> {
  await control.query('begin')
  try {
    await work()
    await control.query('commit')
  } catch (error) {
    await control.query('rollback')
    throw error
  }
}

/** Gives back what `protectOwnSessions` has set. Idempotent. */
export async function releaseOwnSessions(port: DatabasePort): Promise<void> {
  await withClient(
    port,
    'release',
    async (control) => asOne(control, async () => release(control, port)),
    controlDatabase,
  ).catch((error: unknown) => {
    // The server has no control database, or one from before there was such a record.
    if (!['3D000', '42P01'].includes(sqlState(error) ?? '')) throw error
  })
}

async function release(control: pg.Client, port: DatabasePort): Promise<void> {
  const { database, adminUser: role } = port
  const { rows } = await control.query<KeptSetting>(
    'delete from session_setting where database = $1 returning name, had',
    [database],
  )
  const now = await settingsOf(control, port)
  for (const { name, had } of rows) {
    // Somebody has changed it since, or the database is gone and its settings with it.
    if (now.get(name) !== sessionSettings[name]) continue
    await control.query(
      had === null
        ? `alter role ${control.escapeIdentifier(role)} in database ${control.escapeIdentifier(database)} reset ${control.escapeIdentifier(name)}`
        : settingStatement({ database, role }, name, had),
    )
  }
}

/** The settings of our administrator in a database. */
async function settingsOf(
  client: pg.Client,
  { database, adminUser }: Pick<DatabasePort, 'database' | 'adminUser'>,
): Promise<ReadonlyMap<string, string>> {
  const { rows } = await client.query<{ setting: string }>(
    `select setting from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
       join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) setting
      where d.datname = $1 and r.rolname = $2`,
    [database, adminUser],
  )
  return new Map(
    rows.map(({ setting }) => {
      const { name, value } = splitSetting(setting)
      return [name, value]
    }),
  )
}
