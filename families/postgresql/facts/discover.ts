import type pg from 'pg'
import type {
  DatabaseFacts,
  RoleFacts,
  SequenceFacts,
  TableFacts,
  TriggerFacts,
} from '../../../domain/assessment/database-facts.ts'
import { endOfLife } from '../../../domain/assessment/end-of-life.ts'
import type { UnknownTopic } from '../../../domain/assessment/host-facts.ts'
import type { DatabasePort } from '../../../runner/steps/kind.ts'
import * as queries from './queries.ts'
import { maskSecrets } from '../../../runner/host-facts/mask.ts'

interface ServerRow {
  version: string
  major: number
  wal_level: string
  max_slots: number
  used_slots: number
  max_wal_senders: number
  used_wal_senders: number
  max_connections: number
  time_zone: string
  data_checksums: boolean
  size_bytes: string
  encoding: string
  collation: string
  character_type: string
  prepared: number
}

interface TableRow {
  name: string
  rows_estimate: string
  size_bytes: string
  has_primary_key: boolean
  identity_code: string
  has_identity_index: boolean
  unlogged: boolean
  partitioned: boolean
  row_security: boolean
  generated_columns: string[]
  identity_columns: string[]
}

interface SequenceRow {
  name: string
  cache: string
  increment: string
  last_value: string | null
  cycles: boolean
  owned_by: string | null
}

interface RoleRow {
  name: string
  login: boolean
  superuser: boolean
  replication: boolean
  member_of: string[]
  table_grants: Record<string, number>
}

/**
 * Takes stock of a PostgreSQL database in one read-only transaction. A catalog the administrator may not read (on a
 * managed server, for example) is named in `unknown`.
 * @throws when the database cannot be reached or logged in to.
 */
export async function discoverDatabase(db: DatabasePort): Promise<DatabaseFacts> {
  const client = await db.connect({ applicationName: 'qianyun-discovery' })
  // A server that goes away rejects the query under way; the event says the same a second time.
  client.on('error', () => undefined)
  try {
    await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
    await client.query(`SET LOCAL statement_timeout = '60s'`)
    const census = new Census(client)
    const facts = await takeStock(db, census)
    await client.query('COMMIT')
    return facts
  } finally {
    await client.end()
  }
}

/** Asks one question after another; one that fails does not spoil the next. */
class Census {
  readonly unknown: UnknownTopic[] = []

  constructor(private readonly client: pg.Client) {}

  async rows<R extends pg.QueryResultRow>(topic: string, sql: string): Promise<R[]> {
    await this.client.query('SAVEPOINT topic')
    try {
      const { rows } = await this.client.query<R>(sql)
      return rows
    } catch (error) {
      await this.client.query('ROLLBACK TO SAVEPOINT topic')
      this.unknown.push({ topic, reason: error instanceof Error ? error.message : String(error) })
      return []
    }
  }

  async names(topic: string, sql: string): Promise<string[]> {
    return (await this.rows<{ name: string }>(topic, sql)).map(({ name }) => name)
  }
}

async function takeStock(db: DatabasePort, census: Census): Promise<DatabaseFacts> {
  const [server] = await census.rows<ServerRow>('server', queries.serverQuery)
  const tables = await census.rows<TableRow>('tables', queries.tablesQuery)
  const sequences = await census.rows<SequenceRow>('sequences', queries.sequencesQuery)
  const relations = await census.rows<{ name: string; kind: string }>('views', queries.relationsQuery)
  const triggers = await census.rows<{ table: string; name: string; enabled: string }>(
    'triggers',
    queries.triggersQuery,
  )
  const [largeObjects] = await census.rows<{ count: number; columns: string[] }>(
    'large objects',
    queries.largeObjectsQuery,
  )
  const roles = await census.rows<RoleRow>('roles', queries.rolesQuery)
  const settings = await census.rows<{ database: string | null; role: string | null; setting: string }>(
    'settings',
    queries.settingsQuery,
  )
  const ofKind = (kind: string) => relations.filter((row) => row.kind === kind).map(({ name }) => name)
  return {
    role: db.role,
    address: db.address,
    port: db.port,
    database: db.database,
    appRoles: db.appRoles,
    gatheredAtMs: Date.now(),
    ...serverFacts(server),
    tables: tables.map(tableFacts),
    sequences: sequences.map(sequenceFacts),
    views: ofKind('v'),
    materialisedViews: ofKind('m'),
    foreignTables: ofKind('f'),
    triggers: triggers.map(({ table, name, enabled }) => ({ table, name, enabled: triggerMode(enabled) })),
    eventTriggers: await census.names('event triggers', queries.eventTriggersQuery),
    largeObjects: largeObjects?.count ?? 0,
    largeObjectColumns: largeObjects?.columns ?? [],
    extensions: await census.rows<{ name: string; version: string }>('extensions', queries.extensionsQuery),
    roles: roles.map(roleFacts),
    settings: settings.map(({ database, role, setting }) => ({
      ...(database !== null && { database }),
      ...(role !== null && { role }),
      setting: maskSecrets(setting),
    })),
    publications: await census.names('publications', queries.publicationsQuery),
    subscriptions: await census.names('subscriptions', queries.subscriptionsQuery),
    unknown: census.unknown,
  }
}

function serverFacts(
  row: ServerRow | undefined,
): Pick<
  DatabaseFacts,
  'server' | 'sizeBytes' | 'encoding' | 'collation' | 'characterType' | 'preparedTransactions'
> {
  const version = row?.version.split(' ')[0] ?? 'unknown'
  const date = endOfLife('postgresql', version)
  return {
    server: {
      version,
      major: row?.major ?? 0,
      ...(date !== undefined && { endOfLife: date }),
      walLevel: row?.wal_level ?? 'unknown',
      maxReplicationSlots: row?.max_slots ?? 0,
      usedReplicationSlots: row?.used_slots ?? 0,
      maxWalSenders: row?.max_wal_senders ?? 0,
      usedWalSenders: row?.used_wal_senders ?? 0,
      maxConnections: row?.max_connections ?? 0,
      timeZone: row?.time_zone ?? 'unknown',
      dataChecksums: row?.data_checksums ?? false,
    },
    sizeBytes: Number(row?.size_bytes ?? 0),
    encoding: row?.encoding ?? 'unknown',
    collation: row?.collation ?? 'unknown',
    characterType: row?.character_type ?? 'unknown',
    preparedTransactions: row?.prepared ?? 0,
  }
}

const identities: Readonly<Record<string, TableFacts['replicaIdentity']>> = {
  d: 'default',
  f: 'full',
  i: 'index',
  n: 'nothing',
}

function tableFacts(row: TableRow): TableFacts {
  const replicaIdentity = identities[row.identity_code] ?? 'nothing'
  return {
    name: row.name,
    rowsEstimate: Number(row.rows_estimate),
    sizeBytes: Number(row.size_bytes),
    hasPrimaryKey: row.has_primary_key,
    replicaIdentity,
    hasReplicaIdentity:
      replicaIdentity === 'full' ||
      (replicaIdentity === 'index' && row.has_identity_index) ||
      (replicaIdentity === 'default' && row.has_primary_key),
    unlogged: row.unlogged,
    partitioned: row.partitioned,
    rowSecurity: row.row_security,
    generatedColumns: row.generated_columns,
    identityColumns: row.identity_columns,
  }
}

function sequenceFacts(row: SequenceRow): SequenceFacts {
  return {
    name: row.name,
    cache: Number(row.cache),
    increment: Number(row.increment),
    ...(row.last_value !== null && { lastValue: row.last_value }),
    cycles: row.cycles,
    ...(row.owned_by !== null && { ownedBy: row.owned_by }),
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
