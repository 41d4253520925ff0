import { accountsOf, isFollower } from '../server/accounts.ts'
import { otherChannels } from '../server/channel.ts'
import { controlDatabase } from '../server/control-database.ts'
import { eventsOf } from '../server/events.ts'
import { account, text } from '../server/quote.ts'
import type { Numeral, Session } from '../server/session.ts'
import type { MysqlSide } from '../side.ts'
import type { MysqlFacts, TableFacts } from './facts.ts'

/** Settings that rules look at. */
const settings = [
  'version',
  'server_id',
  'log_bin',
  'log_slave_updates',
  'binlog_format',
  'binlog_row_image',
  'sync_binlog',
  'innodb_flush_log_at_trx_commit',
  'gtid_domain_id',
  'read_only',
  'event_scheduler',
  'log_bin_trust_function_creators',
  'expire_logs_days',
  'lower_case_table_names',
  'sql_mode',
  'time_zone',
  'character_set_server',
  'max_allowed_packet',
  'slave_skip_errors',
  'slave_exec_mode',
  'slave_run_triggers_for_rbr',
  'wsrep_on',
] as const

const systemDatabases = ['mysql', 'information_schema', 'performance_schema', 'sys', controlDatabase]

/** Takes stock of a server and of the database of a side there. */
export async function gather(session: Session, side: MysqlSide): Promise<MysqlFacts> {
  const { version } = await session.row<{ version: string }>('SELECT VERSION() AS version')
  const [, major = '0', minor = '0'] = /^(\d+)\.(\d+)/.exec(version) ?? []
  const known = {
    place: `${side.address}:${String(side.port)}`,
    version,
    major: Number(major),
    minor: Number(minor),
  }
  const asked = { ...known, outageToSurviveMs: side.outageToSurviveMs }
  if (!version.includes('MariaDB')) return { ...asked, ...nothing, product: 'other' }
  const databases = await session.rows<{ name: string }>(
    'SELECT schema_name AS name FROM information_schema.schemata',
  )
  const names = databases.map((one) => one.name)
  return {
    ...asked,
    product: 'mariadb',
    exists: names.includes(side.database),
    variables: await variablesOf(session),
    tables: await tablesOf(session, side.database),
    neighbours: names.filter((one) => one !== side.database && !systemDatabases.includes(one)),
    events: await eventsOf(session, side.database),
    definersGone: await definersGone(session, side.database),
    accounts: await accountFacts(session),
    otherChannels: await otherChannels(session),
    followers: await followersOf(session),
    preparedTransactions: (await session.rows('XA RECOVER')).length,
    hasTimeZones: (await session.rows('SELECT 1 FROM mysql.time_zone_name LIMIT 1')).length > 0,
    plugins: await listOf(
      session,
      `SELECT plugin_name AS one FROM information_schema.plugins WHERE plugin_status = 'ACTIVE'`,
    ),
    adminMayAll: await mayAll(session),
  }
}

const nothing: Omit<MysqlFacts, 'place' | 'version' | 'major' | 'minor' | 'outageToSurviveMs' | 'product'> = {
  exists: false,
  variables: {},
  tables: [],
  neighbours: [],
  events: [],
  definersGone: [],
  accounts: [],
  otherChannels: [],
  followers: [],
  preparedTransactions: 0,
  hasTimeZones: false,
  plugins: [],
  adminMayAll: false,
}

async function listOf(session: Session, sql: string): Promise<readonly string[]> {
  return (await session.rows<{ one: string }>(sql)).map(({ one }) => one)
}

async function variablesOf(session: Session): Promise<Readonly<Record<string, string>>> {
  const rows = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW GLOBAL VARIABLES WHERE variable_name IN (${[...settings, 'binlog_expire_logs_seconds'].map(text).join(', ')})`,
  )
  return Object.fromEntries(rows.map((row) => [row.Variable_name.toLowerCase(), row.Value]))
}

async function tablesOf(session: Session, database: string): Promise<readonly TableFacts[]> {
  const tables = await session.rows<{
    name: string
    type: string
    engine: string | null
    bytes: string | null
  }>(
    `SELECT table_name AS name, table_type AS type, engine, data_length + index_length AS bytes
       FROM information_schema.tables WHERE table_schema = ${text(database)} ORDER BY 1`,
  )
  const keyed = new Set(
    await listOf(
      session,
      `SELECT DISTINCT s.table_name AS one FROM information_schema.statistics s
        WHERE s.table_schema = ${text(database)} AND s.non_unique = 0
          AND NOT EXISTS (SELECT 1 FROM information_schema.statistics n WHERE n.table_schema = s.table_schema
            AND n.table_name = s.table_name AND n.index_name = s.index_name AND (n.nullable = 'YES' OR n.sub_part IS NOT NULL))`,
    ),
  )
  const columns = await session.rows<{ name: string; set: string | null; column: string; zero: Numeral }>(
    `SELECT table_name AS name, character_set_name AS \`set\`, column_name AS \`column\`,
            data_type IN ('date', 'datetime', 'timestamp') AND COALESCE(column_default, '') LIKE '%0000-00-00%' AS zero
       FROM information_schema.columns WHERE table_schema = ${text(database)}`,
  )
  return tables.map(({ name, type, engine, bytes }) => {
    const own = columns.filter((one) => one.name === name)
    return {
      table: name,
      engine: engine ?? undefined,
      kind: kindOf(type),
      bytes: Number(bytes ?? 0),
      hasKey: keyed.has(name),
      characterSets: [...new Set(own.flatMap(({ set }) => (set === null ? [] : [set])))],
      zeroDates: own.filter(({ zero }) => Number(zero) === 1).map(({ column }) => column),
    }
  })
}

function kindOf(type: string): TableFacts['kind'] {
  switch (type) {
    case 'BASE TABLE':
      return 'table'
    case 'VIEW':
      return 'view'
    case 'SEQUENCE':
      return 'sequence'
    case 'SYSTEM VERSIONED':
      return 'versioned'
    default:
      return 'other'
  }
}

async function definersGone(session: Session, database: string): Promise<readonly string[]> {
  const of = text(database)
  return listOf(
    session,
    `SELECT DISTINCT definer AS one FROM (
       SELECT definer FROM information_schema.views WHERE table_schema = ${of}
       UNION SELECT definer FROM information_schema.triggers WHERE trigger_schema = ${of}
       UNION SELECT definer FROM information_schema.routines WHERE routine_schema = ${of}
       UNION SELECT definer FROM information_schema.events WHERE event_schema = ${of}) d
      WHERE NOT EXISTS (SELECT 1 FROM mysql.global_priv g WHERE CONCAT(g.user, '@', g.host) = d.definer)
        AND NOT EXISTS (SELECT 1 FROM mysql.global_priv g WHERE g.host = '' AND g.user = d.definer)`,
  )
}

/** Rights by which an account writes past "read_only", makes code run as somebody else, or undoes a fence. */
const powers = [
  'SUPER',
  'READ_ONLY ADMIN',
  'READ ONLY ADMIN',
  'BINLOG ADMIN',
  'CREATE USER',
  'SET USER',
  'FILE',
  'SHUTDOWN',
  'REPLICATION SLAVE ADMIN',
]

async function accountFacts(session: Session): Promise<MysqlFacts['accounts']> {
  const known = (await accountsOf(session, [])).filter((one) => !isFollower(one))
  const plugins = await session.rows<{ user: string; host: string; priv: string }>(
    'SELECT user, host, priv FROM mysql.global_priv',
  )
  const rights = await session.rows<{ grantee: string; right: string }>(
    `SELECT grantee, privilege_type AS \`right\` FROM information_schema.user_privileges`,
  )
  return known
    .filter(({ isRole }) => !isRole)
    .map(({ user, host, locked }) => ({
      account: `${user}@${host}`,
      locked,
      powers: rights
        .filter(({ grantee, right }) => grantee === account({ user, host }) && powers.includes(right))
        .map(({ right }) => right),
      plugins: pluginsIn(plugins.find((one) => one.user === user && one.host === host)?.priv ?? '{}'),
    }))
}

function pluginsIn(priv: string): readonly string[] {
  return [...priv.matchAll(/"plugin"\s*:\s*"([A-Za-z0-9_]+)"/g)].flatMap(([, plugin]) =>
    plugin === undefined ? [] : [plugin],
  )
}

async function followersOf(session: Session): Promise<readonly string[]> {
  return listOf(
    session,
    `SELECT CONCAT(user, '@', host) AS one FROM information_schema.processlist WHERE command LIKE 'Binlog Dump%' AND user NOT LIKE 'qianyun\\_follows\\_%'`,
  )
}

async function mayAll(session: Session): Promise<boolean> {
  const grants = await session.rows('SHOW GRANTS FOR CURRENT_USER()')
  return grants.some((grant) =>
    /^GRANT ALL PRIVILEGES ON \*\.\* .*WITH GRANT OPTION$/s.test(String(Object.values(grant)[0])),
  )
}
