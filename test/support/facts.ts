import type { DatabaseFacts, TableFacts } from '../../domain/assessment/database-facts.ts'
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
    replicaIdentity: 'default',
    hasReplicaIdentity: true,
    unlogged: false,
    partitioned: false,
    rowSecurity: false,
    generatedColumns: [],
    identityColumns: [],
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
      walLevel: 'logical',
      maxReplicationSlots: 10,
      usedReplicationSlots: 0,
      maxWalSenders: 10,
      usedWalSenders: 0,
      maxConnections: 100,
      timeZone: 'Asia/Shanghai',
      dataChecksums: true,
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
    settings: [],
    preparedTransactions: 0,
    publications: [],
    subscriptions: [],
    unknown: [],
    ...over,
  }
}
