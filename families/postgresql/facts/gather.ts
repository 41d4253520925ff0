import type pg from 'pg'
import { messageOf } from '../../../domain/errors.ts'
import type { UnknownTopic } from '../../../domain/assessment/host-facts.ts'
import type { DatabasePort } from '../database.ts'
import { sqlState } from '../server/connections.ts'
import type { Answer, DatabaseFacts, DatabaseServerFacts } from './database-facts.ts'
import type { Surroundings } from './entry-facts.ts'
import { type Topic, topics } from './topics.ts'

/** A rule's own query. Each row has the `object`, and the values of the sentence's places by their names. */
export interface Question {
  readonly id: string
  readonly sql: string
  /** A table, or a view of the server's own, without which nothing is there to be asked. */
  readonly needs?: string
}

/** What a database that is full of one thing names of it: more would help nobody. */
const answersKept = 1_000

/**
 * Looks at some topics of a database, or of a server by whichever database the client is connected to. A catalog the
 * administrator may not read (on a managed server, for example) is named in `unknown`; what was not asked for is empty.
 * @throws when the connection is lost.
 */
export async function gather(
  client: pg.Client,
  port: DatabasePort,
  wanted: readonly Topic[],
  questions: readonly Question[] = [],
  around: Surroundings = {},
): Promise<DatabaseFacts> {
  const unknown: UnknownTopic[] = []
  const asked = {
    client,
    appRoles: port.appRoles,
    database: port.database,
    port,
    around,
    rows: rowsOf(client),
  }
  let found: Partial<DatabaseFacts> = {}
  await client.query('BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY')
  try {
    await client.query(`SET LOCAL statement_timeout = '60s'`)
    // One question that fails does not spoil the next.
    const ask = async (topic: string, look: () => Promise<Partial<DatabaseFacts>>) => {
      await client.query('SAVEPOINT topic')
      try {
        found = { ...found, ...(await look()) }
      } catch (error) {
        if (sqlState(error) === undefined) throw error
        await client.query('ROLLBACK TO SAVEPOINT topic')
        unknown.push({ topic, reason: messageOf(error) })
      }
    }
    for (const topic of wanted) await ask(topic, async () => topics[topic](asked))
    for (const { id, sql, needs } of questions) {
      await ask(id, async () => {
        if (needs !== undefined && !(await isThere(client, needs))) return {}
        const rows = await asked.rows<Answer>(`SELECT * FROM (${sql}) q LIMIT ${answersKept}`)
        return { answers: { ...found.answers, [id]: rows } }
      })
    }
  } finally {
    await client.query('COMMIT')
  }
  const { called, address, port: number, database, appRoles } = port
  return {
    ...nothing,
    role: called,
    address,
    port: number,
    database,
    appRoles,
    gatheredAtMs: Date.now(),
    ...(port.managed !== undefined && { isManaged: true as const }),
    ...found,
    unknown,
  }
}

/** A view of somebody else's is not it, nor a table: to read one runs what its owner wrote, in casts of its columns too. */
async function isThere(client: pg.Client, relation: string): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM pg_class c JOIN pg_roles o ON o.oid = c.relowner AND (o.rolsuper OR o.rolname = current_user)
      WHERE c.oid = to_regclass($1) AND (c.relkind = 'r' OR c.relnamespace = 'pg_catalog'::regnamespace)`,
    [relation],
  )
  return rowCount === 1
}

function rowsOf(client: pg.Client) {
  return async <R extends pg.QueryResultRow>(sql: string, values: readonly unknown[] = []) =>
    (await client.query<R>(sql, [...values])).rows
}

const noServer: DatabaseServerFacts = {
  version: 'unknown',
  major: 0,
  administrator: { name: 'unknown', superuser: false },
  walLevel: 'unknown',
  maxReplicationSlots: 0,
  usedReplicationSlots: 0,
  maxWalSenders: 0,
  usedWalSenders: 0,
  maxReplicationWorkers: 0,
  usedReplicationWorkers: 0,
  maxWorkerProcesses: 0,
  usedWorkerProcesses: 0,
  maxReplicationOrigins: 0,
  usedReplicationOrigins: 0,
  reservedConnections: 0,
  usedConnections: 0,
  maxConnections: 0,
  timeZone: 'unknown',
  dataChecksums: false,
  compressions: [],
  settingNames: [],
  availableExtensions: [],
  superuserExtensions: [],
}

const nothing: Omit<
  DatabaseFacts,
  'role' | 'address' | 'port' | 'database' | 'appRoles' | 'gatheredAtMs' | 'isManaged' | 'unknown'
> = {
  server: noServer,
  sizeBytes: 0,
  encoding: 'unknown',
  collation: 'unknown',
  characterType: 'unknown',
  preparedTransactions: 0,
  tables: [],
  sequences: [],
  views: [],
  materialisedViews: [],
  foreignTables: [],
  triggers: [],
  eventTriggers: [],
  largeObjects: 0,
  largeObjectColumns: [],
  extensions: [],
  roles: [],
  unfenced: [],
  settings: [],
  publications: [],
  subscriptions: [],
  entries: [],
  foreignServers: [],
  namedHosts: [],
  jobs: [],
  libraries: [],
  workedOnBy: [],
  storedPasswords: [],
  hbaLines: [],
  sharedRoles: [],
  timeZones: {},
  searchFiles: {},
  migrationRuns: [],
  sessionUses: [],
  neighbours: [],
  canDo: {},
  answers: {},
}
