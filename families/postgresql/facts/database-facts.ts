import type { JobFacts } from '../jobs/look.ts'
import type { HbaLine, StoredPassword } from './password-facts.ts'
import type { EntryFacts } from './entry-facts.ts'
import type { MigrationRun } from './migration-runs.ts'
import type { NeighbourFacts } from './neighbours.ts'
import type { NamedHost } from './named-hosts.ts'
import type { OutageFacts } from './outage-facts.ts'
import type { ServiceRights } from './service-rights.ts'
import type { SessionUse } from './session-uses.ts'
import type { TlsConnection } from './tls-facts.ts'
import type { UnknownTopic } from '../../../domain/assessment/host-facts.ts'

/** What was found in one PostgreSQL database. Plain JSON; names are `schema.name`, quoted where SQL needs it. */
export interface DatabaseFacts extends ServerSide {
  readonly sizeBytes: number
  readonly encoding: string
  readonly collation: string
  readonly characterType: string
  readonly tables: readonly TableFacts[]
  readonly sequences: readonly SequenceFacts[]
  readonly views: readonly string[]
  readonly materialisedViews: readonly string[]
  readonly foreignTables: readonly string[]
  readonly triggers: readonly TriggerFacts[]
  readonly eventTriggers: readonly string[]
  readonly largeObjects: number
  /** Columns of type oid, which may point at large objects: `schema.table.column`. */
  readonly largeObjectColumns: readonly string[]
  readonly extensions: readonly { readonly name: string; readonly version: string }[]
  readonly roles: readonly RoleFacts[]
  /** Roles that no fence of this database keeps out. */
  readonly unfenced: readonly UnfencedRole[]
  /** Settings made with ALTER DATABASE or ALTER ROLE, values masked where the name speaks of a secret. */
  readonly settings: readonly {
    readonly role?: string
    readonly database?: string
    readonly setting: string
  }[]
  /** Those of this database. */
  readonly preparedTransactions: number
  readonly publications: readonly string[]
  readonly subscriptions: readonly SubscriptionFacts[]
  readonly entries: readonly EntryFacts[]
  readonly foreignServers: readonly ForeignServerFacts[]
  /** Hosts that the code and the settings of the database name. */
  readonly namedHosts: readonly NamedHost[]
  /** Jobs of schedulers inside the server that work on this database. */
  readonly jobs: readonly JobFacts[]
  /** What the server loads as it starts (`shared_preload_libraries`). */
  readonly libraries: readonly string[]
  readonly workedOnBy: readonly WorkedOnBy[]
  /** Passwords of roles carried with the database that not every way of asking takes. */
  readonly storedPasswords: readonly StoredPassword[]
  /** How the server's pg_hba.conf lets network connections in. */
  readonly hbaLines: readonly HbaLine[]
  /** Roles of the database that work in others of the same server as well. */
  readonly sharedRoles: readonly SharedRole[]
  /** Absent where nobody asked. */
  readonly outage?: OutageFacts
  /** What was tried of the server's build and libraries, and whether it works. */
  readonly canDo: Readonly<Record<string, boolean>>
  /** Time zones that the server knows, each with a digest of its rules. */
  readonly timeZones: Readonly<Record<string, string>>
  /** Digests of the files that text search reads on the server's host, by name. */
  readonly searchFiles: Readonly<Record<string, string>>
  /** The size of the shared memory in which processes of one query meet; absent where it has none. */
  readonly sharedMemoryBytes?: number
  /** Runs that tables of migration tools record as not ended. */
  readonly migrationRuns: readonly MigrationRun[]
  /** What roles were seen to do that holds for one session of the server. */
  readonly sessionUses: readonly SessionUse[]
  /** Foreign servers of other databases that lead here. */
  readonly neighbours: readonly NeighbourFacts[]
  /** Connections to a server for which the plan has TLS; absent where it has none. */
  readonly tls?: readonly TlsConnection[]
  /** What rules asked by queries of their own, by the rule. */
  readonly answers: Readonly<Record<string, readonly Answer[]>>
}

/** One row of a rule's own query: the object, and the values of its sentence's places. */
export interface Answer {
  readonly object: string
  readonly [value: string]: string | number
}

/** A server, as the place of a database that may not be there yet. */
export interface ServerSide {
  readonly role: string
  readonly address: string
  readonly port: number
  readonly database: string
  /** Roles the application logs in with. */
  readonly appRoles: readonly string[]
  readonly gatheredAtMs: number
  /** Whether it is one of a managed service, by the plan. */
  readonly isManaged?: true
  readonly server: DatabaseServerFacts
  /** What could not be read. */
  readonly unknown: readonly UnknownTopic[]
}

export interface DatabaseServerFacts {
  /** `15.20` */
  readonly version: string
  readonly major: number
  readonly endOfLife?: string
  /** `rights` where it is no superuser. */
  readonly administrator: {
    readonly name: string
    readonly superuser: boolean
    readonly rights?: ServiceRights
  }
  readonly walLevel: string
  /** Whether it is a standby. */
  readonly inRecovery?: boolean
  /** What `synchronous_standby_names` says; absent where commits wait for nobody. */
  readonly synchronousStandbyNames?: string
  /** Standbys for which commits wait now. */
  readonly synchronousStandbys?: number
  /** A digest of the command or library that archives the log; absent where nothing does. */
  readonly archivesBy?: string
  /** The log file that could not be archived, where archiving fails now. */
  readonly notArchived?: string
  /** Settings of speed by name, and whether each is the built-in default. */
  readonly tuning?: Readonly<Record<string, { readonly value: string; readonly isDefault: boolean }>>
  /** How far its clock is ahead of the runner's: known as exactly as the question took to be answered. */
  readonly clockAheadMs?: { readonly atLeast: number; readonly atMost: number }
  /* What is used is used by others: the links of this database's own move are left out. */
  readonly maxReplicationSlots: number
  readonly usedReplicationSlots: number
  readonly maxWalSenders: number
  readonly usedWalSenders: number
  readonly maxReplicationWorkers: number
  /** Running, or asked for by an enabled subscription. */
  readonly usedReplicationWorkers: number
  readonly maxWorkerProcesses: number
  /** Those that stay: of extensions and of replication. */
  readonly usedWorkerProcesses: number
  readonly maxReplicationOrigins: number
  readonly usedReplicationOrigins: number
  /** How much log a slot may keep; absent where it is without bound, or before PostgreSQL 13. */
  readonly keptLogMegabytes?: number
  readonly reservedConnections: number
  /** Ours left out. */
  readonly usedConnections: number
  /** After what time a slot nobody reads is given up; absent where no slot ever is. */
  readonly idleSlotTimeout?: string
  readonly maxConnections: number
  readonly timeZone: string
  readonly dataChecksums: boolean
  /** What its build compresses large values with. */
  readonly compressions: readonly string[]
  /** The settings it knows, by name. */
  readonly settingNames: readonly string[]
  /** Extensions whose packages are installed, by name. */
  readonly availableExtensions: readonly string[]
  /** Those of them that a superuser alone makes. */
  readonly superuserExtensions: readonly string[]
}

export interface TableFacts {
  readonly name: string
  /** The planner's estimate; -1 when the table was never analysed, or not asked for. */
  readonly rowsEstimate: number
  readonly sizeBytes: number
  readonly hasPrimaryKey: boolean
  /** Whether that key is checked at once: a deferrable one tells no row. */
  readonly hasUsableKey: boolean
  readonly replicaIdentity: 'default' | 'full' | 'index' | 'nothing'
  /** Whether UPDATE and DELETE can be replicated: a primary key checked at once, a chosen index, FULL, or partitions that have one. */
  readonly hasReplicaIdentity: boolean
  /** The columns that key is made of; none for FULL. */
  readonly keyColumns: readonly string[]
  readonly unlogged: boolean
  readonly partitioned: boolean
  readonly rowSecurity: boolean
  readonly generatedColumns: readonly string[]
  readonly identityColumns: readonly string[]
  /** Those of types that have no equality, `column type`: whole rows that hold one cannot serve as a key. */
  readonly incomparableColumns: readonly string[]
}

export interface SequenceFacts {
  readonly name: string
  readonly cache: number
  readonly increment: number
  /** As text, since it may be larger than a JSON number holds; absent when never used. */
  readonly lastValue?: string
  readonly cycles: boolean
  /** `schema.table.column`, absent when no column owns it. */
  readonly ownedBy?: string
}

export interface TriggerFacts {
  readonly table: string
  readonly name: string
  readonly enabled: 'origin' | 'disabled' | 'replica' | 'always'
}

export interface SubscriptionFacts {
  readonly name: string
  readonly enabled: boolean
}

/** A role, and the other databases of the server where it owns, holds, sets or does something. */
export interface SharedRole {
  readonly role: string
  readonly databases: readonly string[]
  /** Those of them where it has sessions now. */
  readonly inUse: readonly string[]
}

export interface ForeignServerFacts {
  readonly name: string
  readonly wrapper: string
  /** Where it leads, by its options; absent where they name no host, which means its own. */
  readonly host?: string
  readonly tables: number
}

/** A library whose settings make it work on this database by itself. */
export interface WorkedOnBy {
  readonly library: string
  readonly setting: string
  readonly value: string
}

/** A superuser of the application, or a role that has CONNECT as a member of one (`through`). */
export interface UnfencedRole {
  readonly role: string
  readonly through?: string
}

export interface RoleFacts {
  readonly name: string
  readonly login: boolean
  readonly superuser: boolean
  readonly replication: boolean
  readonly memberOf: readonly string[]
  /** Privileges on tables of this database, by privilege, how many tables. */
  readonly tableGrants: Readonly<Record<string, number>>
}
