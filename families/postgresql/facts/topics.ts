import type pg from 'pg'
import { endOfLife } from '../../../domain/assessment/end-of-life.ts'
import { maskSecrets } from '../../../domain/secret-text.ts'
import type { DatabasePort } from '../database.ts'
import { buildFacts } from './build-facts.ts'
import { type Surroundings, entriesFacts } from './entry-facts.ts'
import { powersOf } from '../server/powers.ts'
import { serviceRights } from './service-rights.ts'
import { searchFiles, sharedMemory } from './host-of-server.ts'
import { librariesQuery } from '../jobs/libraries.ts'
import { passwordFacts } from './password-facts.ts'
import { lookForJobs } from '../jobs/look.ts'
import type {
  DatabaseFacts,
  DatabaseServerFacts,
  RoleFacts,
  TriggerFacts,
  WorkedOnBy,
  ForeignServerFacts,
  SharedRole,
} from './database-facts.ts'
import { type SequenceRow, type TableRow, sequenceFacts, tableFacts } from './rows.ts'
import { migrationRuns } from './migration-runs.ts'
import { namedHosts } from './named-hosts.ts'
import { neighbours } from './neighbours.ts'
import { outageFacts } from './outage-facts.ts'
import { sessionUses } from './session-uses.ts'
import { tlsFacts } from './tls-facts.ts'
import * as queries from './queries.ts'

/** What is looked at together, and the facts that come of it. */
export interface TopicFacts {
  readonly server: Pick<DatabaseFacts, 'server'>
  readonly database: Pick<DatabaseFacts, 'encoding' | 'collation' | 'characterType' | 'preparedTransactions'>
  readonly tables: Pick<DatabaseFacts, 'tables'>
  readonly sequences: Pick<DatabaseFacts, 'sequences'>
  readonly views: Pick<DatabaseFacts, 'views' | 'materialisedViews' | 'foreignTables'>
  readonly triggers: Pick<DatabaseFacts, 'triggers'>
  readonly 'event triggers': Pick<DatabaseFacts, 'eventTriggers'>
  readonly 'large objects': Pick<DatabaseFacts, 'largeObjects' | 'largeObjectColumns'>
  readonly extensions: Pick<DatabaseFacts, 'extensions'>
  readonly roles: Pick<DatabaseFacts, 'roles'>
  readonly fence: Pick<DatabaseFacts, 'unfenced'>
  readonly settings: Pick<DatabaseFacts, 'settings'>
  readonly publications: Pick<DatabaseFacts, 'publications'>
  readonly subscriptions: Pick<DatabaseFacts, 'subscriptions'>
  readonly entries: Pick<DatabaseFacts, 'entries'>
  readonly 'foreign servers': Pick<DatabaseFacts, 'foreignServers'>
  readonly 'named hosts': Pick<DatabaseFacts, 'namedHosts'>
  readonly jobs: Pick<DatabaseFacts, 'jobs' | 'libraries' | 'workedOnBy'>
  readonly passwords: Pick<DatabaseFacts, 'storedPasswords' | 'hbaLines'>
  readonly 'shared roles': Pick<DatabaseFacts, 'sharedRoles'>
  readonly size: Pick<DatabaseFacts, 'sizeBytes'>
  readonly room: Pick<DatabaseFacts, 'outage'>
  readonly build: Pick<DatabaseFacts, 'canDo'>
  readonly 'time zones': Pick<DatabaseFacts, 'timeZones'>
  readonly 'search files': Pick<DatabaseFacts, 'searchFiles'>
  readonly 'shared memory': Pick<DatabaseFacts, 'sharedMemoryBytes'>
  readonly 'migration runs': Pick<DatabaseFacts, 'migrationRuns'>
  readonly 'session uses': Pick<DatabaseFacts, 'sessionUses'>
  readonly neighbours: Pick<DatabaseFacts, 'neighbours'>
  readonly tls: Pick<DatabaseFacts, 'tls'>
}
export type Topic = keyof TopicFacts

/** Asks one database. */
export interface Asked {
  readonly client: pg.Client
  readonly rows: <R extends pg.QueryResultRow>(
    sql: string,
    values?: readonly unknown[],
  ) => Promise<readonly R[]>
  readonly appRoles: readonly string[]
  readonly database: string
  readonly port: DatabasePort
  readonly around: Surroundings
}

const namesOf = (rows: readonly { readonly name: string }[]): readonly string[] =>
  rows.map(({ name }) => name)

/** How each topic is looked at. */
export const topics: { readonly [T in Topic]: (asked: Asked) => Promise<TopicFacts[T]> } = {
  server: async ({ client, rows, database, port }) => {
    const askedAtMs = Date.now()
    const row = first(await rows<ServerRow>(queries.serverQuery(await powersOf(client)), [database]))
    const asked = { fromMs: askedAtMs, untilMs: Date.now() }
    const rights = row.superuser ? undefined : await serviceRights(port, row.connected_to)
    const tuning = await rows<{ name: string; value: string; isDefault: boolean }>(queries.tuningQuery)
    return {
      server: {
        ...serverFacts(row, asked),
        administrator: {
          name: row.administrator,
          superuser: row.superuser,
          ...(rights !== undefined && { rights }),
        },
        tuning: Object.fromEntries(tuning.map(({ name, value, isDefault }) => [name, { value, isDefault }])),
      },
    }
  },
  database: async ({ rows }) => {
    const found = first(await rows<DatabaseRow>(queries.databaseQuery))
    return {
      encoding: found.encoding,
      collation: found.collation,
      characterType: found.character_type,
      preparedTransactions: found.prepared,
    }
  },
  tables: async ({ rows }) => ({ tables: (await rows<TableRow>(queries.tablesQuery)).map(tableFacts) }),
  sequences: async ({ rows }) => ({
    sequences: (await rows<SequenceRow>(queries.sequencesQuery)).map(sequenceFacts),
  }),
  views: async ({ rows }) => {
    const found = await rows<{ name: string; kind: string }>(queries.relationsQuery)
    const ofKind = (kind: string) => namesOf(found.filter((row) => row.kind === kind))
    return { views: ofKind('v'), materialisedViews: ofKind('m'), foreignTables: ofKind('f') }
  },
  triggers: async ({ rows }) => {
    const found = await rows<{ table: string; name: string; enabled: string }>(queries.triggersQuery)
    return {
      triggers: found.map(({ table, name, enabled }) => ({ table, name, enabled: triggerMode(enabled) })),
    }
  },
  'event triggers': async ({ rows }) => ({ eventTriggers: namesOf(await rows(queries.eventTriggersQuery)) }),
  build: buildFacts,
  'time zones': async ({ rows }) => {
    const found = await rows<{ name: string; rules: string }>(queries.timeZonesQuery)
    return { timeZones: Object.fromEntries(found.map(({ name, rules }) => [name, rules])) }
  },
  'search files': searchFiles,
  'shared memory': sharedMemory,
  'migration runs': async (asked) => ({ migrationRuns: await migrationRuns(asked) }),
  neighbours: async (asked) => ({ neighbours: await neighbours(asked) }),
  tls: tlsFacts,
  'large objects': async ({ rows }) => {
    const found = first(await rows<{ count: number; columns: string[] }>(queries.largeObjectsQuery))
    return { largeObjects: found.count, largeObjectColumns: found.columns }
  },
  extensions: async ({ rows }) => ({ extensions: await rows(queries.extensionsQuery) }),
  roles: async ({ rows }) => ({ roles: (await rows<RoleRow>(queries.rolesQuery)).map(roleFacts) }),
  fence: async ({ rows, appRoles }) => {
    const found = await rows<{ role: string; through: string | null }>(queries.unfencedQuery, [appRoles])
    return { unfenced: found.map(({ role, through }) => ({ role, ...(through !== null && { through }) })) }
  },
  settings: async ({ rows }) => {
    const found = await rows<{ database: string | null; role: string | null; setting: string }>(
      queries.settingsQuery,
    )
    return {
      settings: found.map(({ database, role, setting }) => ({
        ...(database !== null && { database }),
        ...(role !== null && { role }),
        setting: maskSecrets(setting),
      })),
    }
  },
  publications: async ({ rows }) => ({ publications: namesOf(await rows(queries.publicationsQuery)) }),
  subscriptions: async ({ rows }) => ({ subscriptions: await rows(queries.subscriptionsQuery) }),
  // Before the entries, through which our own logins take sessions over: the last statement of each is theirs then.
  'session uses': async (asked) => ({ sessionUses: await sessionUses(asked) }),
  entries: async (asked) => ({ entries: await entriesFacts(asked) }),
  'foreign servers': async ({ rows }) => ({
    foreignServers: (
      await rows<Omit<ForeignServerFacts, 'host'> & { host: string | null }>(queries.foreignServersQuery)
    ).map(({ host, ...server }) => ({ ...server, ...(host !== null && { host }) })),
  }),
  'named hosts': async (asked) => ({ namedHosts: await namedHosts(asked) }),
  jobs: async ({ rows, port }) => {
    const found = first(
      await rows<{ libraries: string[]; by: WorkedOnBy[] }>(librariesQuery, [port.database]),
    )
    return { jobs: await lookForJobs(port, rows), libraries: found.libraries, workedOnBy: found.by }
  },
  passwords: passwordFacts,
  'shared roles': async ({ rows, appRoles }) => ({
    sharedRoles: await rows<SharedRole>(queries.sharedRolesQuery, [appRoles]),
  }),
  size: async ({ rows, database }) => {
    const [found] = await rows<{ bytes: number }>(queries.databaseSizeQuery, [database])
    return { sizeBytes: found?.bytes ?? 0 }
  },
  room: async ({ client, port }) => ({ outage: await outageFacts(client, port) }),
}

interface ServerRow {
  version: string
  major: number
  wal_level: string
  in_recovery: boolean
  synchronous_names: string
  synchronous_standbys: number
  not_archived: string | null
  archives_by: string | null
  now_ms: number
  max_slots: number
  used_slots: number
  max_wal_senders: number
  used_wal_senders: number
  max_workers: number
  used_workers: number
  max_worker_processes: number
  used_worker_processes: number
  max_origins: number
  used_origins: number
  reserved_connections: number
  used_connections: number
  kept_log_mb: number | null
  idle_timeout: string | null
  administrator: string
  superuser: boolean
  connected_to: string
  max_connections: number
  time_zone: string
  data_checksums: boolean
  compressions: string[]
  setting_names: string[]
  extensions: string[]
  superuser_extensions: string[]
}

interface DatabaseRow {
  encoding: string
  collation: string
  character_type: string
  prepared: number
}

interface RoleRow {
  name: string
  login: boolean
  superuser: boolean
  replication: boolean
  member_of: string[]
  table_grants: Record<string, number>
}

function first<R>(rows: readonly R[]): R {
  const [row] = rows
  if (row === undefined) throw new Error('no row came back')
  return row
}

function serverFacts(
  row: ServerRow,
  asked: { readonly fromMs: number; readonly untilMs: number },
): Omit<DatabaseServerFacts, 'administrator'> {
  const version = row.version.split(' ')[0] ?? 'unknown'
  const date = endOfLife('postgresql', version)
  const neverIdle = row.idle_timeout === null || /^0\D*$/.test(row.idle_timeout)
  return {
    version,
    major: row.major,
    ...(date !== undefined && { endOfLife: date }),
    walLevel: row.wal_level,
    inRecovery: row.in_recovery,
    ...(row.synchronous_names !== '' && { synchronousStandbyNames: row.synchronous_names }),
    synchronousStandbys: row.synchronous_standbys,
    ...(row.not_archived !== null && { notArchived: row.not_archived }),
    ...(row.archives_by !== null && { archivesBy: row.archives_by }),
    clockAheadMs: {
      atLeast: Math.round(row.now_ms - asked.untilMs),
      atMost: Math.round(row.now_ms - asked.fromMs),
    },
    maxReplicationSlots: row.max_slots,
    usedReplicationSlots: row.used_slots,
    maxWalSenders: row.max_wal_senders,
    usedWalSenders: row.used_wal_senders,
    maxReplicationWorkers: row.max_workers,
    usedReplicationWorkers: row.used_workers,
    maxWorkerProcesses: row.max_worker_processes,
    usedWorkerProcesses: row.used_worker_processes,
    maxReplicationOrigins: row.max_origins,
    usedReplicationOrigins: row.used_origins,
    ...(row.kept_log_mb !== null && row.kept_log_mb >= 0 && { keptLogMegabytes: row.kept_log_mb }),
    reservedConnections: row.reserved_connections,
    usedConnections: row.used_connections,
    ...(!neverIdle && { idleSlotTimeout: row.idle_timeout ?? '' }),
    maxConnections: row.max_connections,
    timeZone: row.time_zone,
    dataChecksums: row.data_checksums,
    compressions: row.compressions,
    settingNames: row.setting_names,
    availableExtensions: row.extensions,
    superuserExtensions: row.superuser_extensions,
  }
}

function roleFacts(row: RoleRow): RoleFacts {
  const { name, login, superuser, replication } = row
  return { name, login, superuser, replication, memberOf: row.member_of, tableGrants: row.table_grants }
}

function triggerMode(code: string): TriggerFacts['enabled'] {
  const modes: Readonly<Record<string, TriggerFacts['enabled']>> = {
    O: 'origin',
    D: 'disabled',
    R: 'replica',
  }
  return modes[code] ?? 'always'
}
