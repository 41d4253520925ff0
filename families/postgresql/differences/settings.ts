import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { powersOf } from '../server/powers.ts'
import { type Fenced } from './fenced.ts'
import { isCompared } from './may-differ.ts'

/** One setting, as a new session of a database has it before a role or a client changes it. */
export interface Setting {
  readonly name: string
  readonly value: string
  /** Who may set it, in the server's words: `user`, `superuser`, `sighup`, `postmaster`, … */
  readonly context: string
  /** Whether it is the built-in default. */
  readonly isDefault: boolean
}

/*
 * This session has values of its own, by its options and by its role's settings: for these the database's setting counts,
 * then the file. Settings of libraries that are not loaded here are in the file, or in the database's settings, alone.
 */
const ofFile = `select distinct on (name) name, setting from pg_file_settings where applied order by name, seqno desc`
/** What a file says that the administrator may not read, the server's default stands for. */
const ofNoFile = `select null::text as name, null::text as setting where false`

const query = (file: string): string => `
with here as (select oid from pg_database where datname = $1),
 of_database as (
   select split_part(o, '=', 1) as name, substr(o, position('=' in o) + 1) as value
     from pg_db_role_setting d, here, unnest(d.setconfig) o where d.setdatabase = here.oid and d.setrole = 0),
 hidden as (
   select name from pg_settings where source in ('client', 'user', 'database user', 'override') and context <> 'internal'
   union select split_part(o, '=', 1) from pg_db_role_setting d, unnest(d.setconfig) o
    where d.setrole = (select oid from pg_roles where rolname = session_user)),
 of_file as (${file})
select s.name, coalesce(case when h.name is null then s.reset_val else coalesce(d.value, f.setting, s.boot_val) end, '') as value,
       s.context, case when h.name is null then s.reset_val is not distinct from s.boot_val else d.value is null and f.setting is null end as "isDefault"
  from pg_settings s left join hidden h on h.name = s.name left join of_database d on d.name = s.name left join of_file f on f.name = s.name
union all
select d.name, d.value, 'user', false from of_database d where d.name like '%.%' and not exists (select from pg_settings s where s.name = d.name)
union all
select f.name, f.setting, 'user', false from of_file f where f.name like '%.%' and not exists (select from pg_settings s where s.name = f.name)
   and not exists (select from of_database d where d.name = f.name)`

/** The compared settings of a database. The client must be fresh: an older session does not show later changes. */
export async function readSettings(
  client: pg.Client,
  { database }: Pick<DatabasePort, 'database'>,
  { readOnly }: Fenced,
): Promise<ReadonlyMap<string, Setting>> {
  // Settings of PL/pgSQL exist once it is loaded.
  await client.query(`load 'plpgsql'`).catch(() => undefined)
  const { readsFileSettings } = await powersOf(client)
  const { rows } = await client.query<Setting>(query(readsFileSettings ? ofFile : ofNoFile), [database])
  const found = rows
    .filter(({ name }) => isCompared(name))
    .map((one) => (one.name === fencedSetting && readOnly !== undefined ? beforeFence(one, readOnly) : one))
  return new Map(found.map((one) => [one.name, { ...one, value: canonical(one) }]))
}

const fencedSetting = 'default_transaction_read_only'

function beforeFence(setting: Setting, readOnly: string | null): Setting {
  return { ...setting, value: readOnly ?? 'off', isDefault: readOnly === null }
}

const utc = /^(?:etc\/)?(?:utc|uct|gmt|universal|zulu|greenwich)$/i

/** Normalises values that can be written in several ways. */
function canonical({ name, value }: Setting): string {
  if (name === 'TimeZone') return utc.test(value) ? 'UTC' : value
  if (name === 'DateStyle') return value.toUpperCase().replace(/\s/g, '')
  if (name === 'search_path') return value.replace(/,\s*/g, ', ')
  return /^(?:true|yes|on)$/i.test(value) ? 'on' : /^(?:false|no|off)$/i.test(value) ? 'off' : value
}
