import type { DatabaseFacts, TableFacts } from '../../families/postgresql/facts/database-facts.ts'
import { judgeFacts } from '../../families/postgresql/assess.ts'
import type { Waivers } from '../../domain/plan/waiving.ts'
import type { HostFacts } from '../../domain/assessment/host-facts.ts'

const gatheredAtMs = Date.UTC(2026, 10, 22)

/** A host nothing is wrong with. */
export function hostFacts(over: Partial<HostFacts> = {}): HostFacts {
  return {
    host: 'old',
    address: '10.20.0.11',
    gatheredAtMs,
    system: {
      id: 'debian',
      name: 'Debian GNU/Linux 12 (bookworm)',
      version: '12',
      endOfLife: '2028-06-30',
      kernel: '6.1.0',
      architecture: 'x86_64',
      hostName: 'old',
    },
    disks: [{ device: '/dev/vda', mount: '/', sizeBytes: 100e9, usedBytes: 20e9 }],
    packages: { manager: 'dpkg', count: 400, named: [] },
    processes: [],
    listening: [],
    peers: [],
    jobs: [],
    services: [],
    runtimes: [],
    hardCoded: [],
    unknown: [],
    ...over,
  }
}

export function tableFacts(over: Partial<TableFacts> = {}): TableFacts {
  return {
    name: 'public.permit',
    rowsEstimate: 100,
    sizeBytes: 8192,
    hasPrimaryKey: true,
    hasUsableKey: true,
    replicaIdentity: 'default',
    hasReplicaIdentity: true,
    keyColumns: ['id'],
    unlogged: false,
    partitioned: false,
    rowSecurity: false,
    generatedColumns: [],
    identityColumns: [],
    incomparableColumns: [],
    ...over,
  }
}

/** A database nothing is wrong with. */
export function databaseFacts(over: Partial<DatabaseFacts> = {}): DatabaseFacts {
  return {
    role: 'source',
    address: '10.20.0.11',
    port: 5432,
    database: 'permit_desk',
    appRoles: ['permit_desk'],
    gatheredAtMs,
    server: {
      version: '15.18',
      major: 15,
      endOfLife: '2027-11-11',
      administrator: { name: 'postgres', superuser: true },
      walLevel: 'logical',
      maxReplicationSlots: 10,
      usedReplicationSlots: 0,
      maxWalSenders: 10,
      usedWalSenders: 0,
      maxReplicationWorkers: 4,
      usedReplicationWorkers: 0,
      maxWorkerProcesses: 8,
      usedWorkerProcesses: 1,
      maxReplicationOrigins: 10,
      usedReplicationOrigins: 0,
      reservedConnections: 3,
      usedConnections: 10,
      maxConnections: 100,
      timeZone: 'Asia/Shanghai',
      dataChecksums: true,
      compressions: ['pglz', 'lz4'],
      settingNames: ['TimeZone', 'search_path'],
      superuserExtensions: [],
      availableExtensions: ['plpgsql'],
    },
    sizeBytes: 1e9,
    encoding: 'UTF8',
    collation: 'C',
    characterType: 'C',
    tables: [tableFacts()],
    sequences: [],
    views: [],
    materialisedViews: [],
    foreignTables: [],
    triggers: [],
    eventTriggers: [],
    largeObjects: 0,
    largeObjectColumns: [],
    extensions: [{ name: 'plpgsql', version: '1.0' }],
    roles: [],
    unfenced: [],
    settings: [],
    preparedTransactions: 0,
    jobs: [],
    libraries: [],
    foreignServers: [],
    namedHosts: [],
    workedOnBy: [],
    publications: [],
    subscriptions: [],
    entries: [],
    storedPasswords: [],
    hbaLines: [{ databases: ['all'], roles: ['all'], address: '10.0.0.0', method: 'scram-sha-256' }],
    sharedRoles: [],
    timeZones: {},
    searchFiles: {},
    migrationRuns: [],
    sessionUses: [],
    neighbours: [],
    canDo: { xml: true },
    answers: {},
    unknown: [],
    ...over,
  }
}

/** What is found in a system of one host and one database, with what nothing is wrong with where nothing is said. */
export function foundInSystem({
  host = hostFacts(),
  database = databaseFacts(),
  waivers = {},
}: {
  readonly host?: HostFacts
  readonly database?: DatabaseFacts
  readonly waivers?: Waivers
} = {}) {
  const datasets = [{ dataset: 'database', ...judgeFacts(database, { waivers }) }]
  return { hosts: [host], datasets, waivers }
}

/** Lists add up, so that one fault never takes another's place; anything else is replaced. */
export function withMore<T extends object>(facts: T, more: Partial<T> = {}): T {
  const added = Object.entries(more).map(([name, value]) => {
    const known: unknown = facts[name as keyof T]
    if (!Array.isArray(known) || !Array.isArray(value)) return [name, value]
    const texts = new Set(known.map((each) => JSON.stringify(each)))
    return [
      name,
      [...(known as unknown[]), ...(value as unknown[]).filter((each) => !texts.has(JSON.stringify(each)))],
    ]
  })
  return { ...facts, ...(Object.fromEntries(added) as Partial<T>) }
}
