import type pg from 'pg'
import { isApplyRole } from '../replication/apply-role-name.ts'
import { sqlState } from '../server/connections.ts'
import { powersOf } from '../server/powers.ts'
import { settingStatement } from './setting-statement.ts'

/** Settings of a database, or of a role in it; `role` is null for those of the database. */
interface DatabaseSetting {
  readonly role: string | null
  readonly setting: string
}

/** Copies the settings of roles in a database. @returns what was set, as texts */
export async function copyRoleSettings(
  from: pg.Client,
  to: pg.Client,
  names: { readonly from: string; readonly to: string },
): Promise<readonly string[]> {
  return copySettings(from, to, names, ({ role }) => role !== null)
}

/** Copies all settings of a database: its own and those of roles in it. */
export async function copyDatabaseSettings(
  from: pg.Client,
  to: pg.Client,
  names: { readonly from: string; readonly to: string },
): Promise<readonly string[]> {
  return copySettings(from, to, names, () => true)
}

async function copySettings(
  from: pg.Client,
  to: pg.Client,
  names: { readonly from: string; readonly to: string },
  isMeant: (one: DatabaseSetting) => boolean,
): Promise<readonly string[]> {
  const there = new Set((await settingsOf(to, names.to)).map((one) => JSON.stringify(one)))
  const isKnown = await knownTo(to)
  const words: string[] = []
  for (const one of (await settingsOf(from, names.from)).filter(isMeant)) {
    if (there.has(JSON.stringify(one)) || !isKnown(one)) continue
    const { name, value } = splitSetting(one.setting)
    const role = one.role === null ? {} : { role: one.role }
    const statement = settingStatement({ database: names.to, ...role }, name, value)
    if (!(await isSet(to, statement))) continue
    words.push(`${name}${one.role === null ? '' : ` of ${one.role}`}`)
  }
  return words
}

/** A setting that only a superuser makes stays for the comparison of both sides to name. */
async function isSet(to: pg.Client, statement: string): Promise<boolean> {
  try {
    await to.query(statement)
    return true
  } catch (error) {
    if (sqlState(error) !== '42501' || (await powersOf(to)).isSuperuser) throw error
    return false
  }
}

/** A superuser of the other server is not carried over, nor changed by whom is none, and another version knows other settings. */
async function knownTo(client: pg.Client): Promise<(one: DatabaseSetting) => boolean> {
  const { rows } = await client.query<{ roles: readonly string[]; settings: readonly string[] }>(
    `select array(select r.rolname::text from pg_roles r
                   where not r.rolsuper or (select rolsuper from pg_roles where rolname = current_user)) as roles, array(select lower(name) from pg_settings) as settings`,
  )
  const roles = new Set(rows[0]?.roles)
  const settings = new Set([...(rows[0]?.settings ?? []), ...unlistedSettings])
  return ({ role, setting }) => {
    const { name } = splitSetting(setting)
    return (role === null || roles.has(role)) && (name.includes('.') || settings.has(name.toLowerCase()))
  }
}

/** Settings that every server knows, and none lists. */
export const unlistedSettings: readonly string[] = ['role', 'session_authorization', 'seed']

/** `name=value`, as the catalog stores a setting. */
export function splitSetting(setting: string): { readonly name: string; readonly value: string } {
  const cut = setting.indexOf('=')
  return { name: setting.slice(0, cut), value: setting.slice(cut + 1) }
}

/** Skips what a fence has set, which is no setting of the database itself. */
async function settingsOf(client: pg.Client, database: string): Promise<readonly DatabaseSetting[]> {
  const { rows } = await client.query<DatabaseSetting>(
    `select r.rolname::text as role, setting
       from pg_db_role_setting s join pg_database d on d.oid = s.setdatabase
       left join pg_roles r on r.oid = s.setrole, unnest(s.setconfig) setting
      where d.datname = $1 and setting not like 'default_transaction_read_only=%' and not ${isApplyRole('r.rolname')} order by 1, 2`,
    [database],
  )
  return rows
}
