import type pg from 'pg'
import type { DatabasePort } from '../database.ts'
import { sqlState, withClient } from '../server/connections.ts'

/** What a server without a superuser of ours has to let its administrator do. */
export const neededRights = [
  'create-roles',
  'create-databases',
  'replicate',
  'subscribe',
  'end-sessions',
  'see-sessions',
] as const
export type NeededRight = (typeof neededRights)[number]

/** Rights of an administrator who is no superuser. */
export interface ServiceRights {
  readonly lacks: readonly NeededRight[]
  /** Whether event triggers can be made: tried, since some services let it. */
  readonly makesEventTriggers: boolean
  /** What writes statements into the server's log, which only a superuser keeps out of it: `log_statement = all`. */
  readonly logsStatements?: string
}

/** Roles of services: the one of Amazon's that stands for the attribute REPLICATION, and those that stand for a superuser. */
const standForReplication = ['rds_replication']
const standForSuperuser = ['rds_superuser', 'pg_tencentdb_superuser']

const isMemberOf = (role: string): string =>
  `EXISTS (SELECT FROM pg_roles g WHERE g.rolname = '${role}' AND pg_has_role(current_user, g.oid, 'usage'))`

const has: Readonly<Record<NeededRight, string>> = {
  'create-roles': 'r.rolcreaterole',
  'create-databases': 'r.rolcreatedb OR EXISTS (SELECT FROM pg_database d WHERE d.datname = $1)',
  replicate: ['r.rolreplication', ...standForReplication.map(isMemberOf)].join(' OR '),
  subscribe: isMemberOf('pg_create_subscription'),
  'end-sessions': ['pg_signal_backend', ...standForSuperuser].map(isMemberOf).join(' OR '),
  'see-sessions': ['pg_read_all_stats', ...standForSuperuser].map(isMemberOf).join(' OR '),
}

/** $1: the name of the database, which may not be there yet. */
const rightsQuery = `
SELECT array_remove(ARRAY[${neededRights.map((right) => `CASE WHEN NOT (${has[right]}) THEN '${right}' END`).join(', ')}], NULL) AS lacks,
       CASE WHEN current_setting('log_statement') <> 'none' THEN 'log_statement = ' || current_setting('log_statement')
            WHEN current_setting('log_min_duration_statement') <> '-1' THEN 'log_min_duration_statement = ' || current_setting('log_min_duration_statement')
            WHEN coalesce(current_setting('pgaudit.log', true), '') NOT IN ('', 'none') THEN 'pgaudit.log = ' || current_setting('pgaudit.log') END AS "logsStatements"
  FROM pg_roles r WHERE r.rolname = current_user`

const eventTriggerTrial = `begin; create function pg_temp.qianyun_tried() returns event_trigger language plpgsql as 'begin end';
  create event trigger qianyun_tried on sql_drop execute function pg_temp.qianyun_tried()`

/** A service may let its administrator subscribe without that role. It connects nowhere. */
const subscriptionTrial = `begin; create subscription qianyun_tried connection 'host=nowhere.invalid dbname=none user=none password=none'
  publication none with (connect = false, enabled = false, slot_name = none)`

async function works(client: pg.Client, statements: string): Promise<boolean> {
  try {
    await client.query(statements)
    return true
  } catch (error) {
    if (sqlState(error) === undefined) throw error
    return false
  } finally {
    await client.query('rollback')
  }
}

/** Asks in a database of the server; what is tried there is rolled back. */
export async function serviceRights(port: DatabasePort, database: string): Promise<ServiceRights> {
  return withClient(
    port,
    'discovery',
    async (client) => {
      const { rows } = await client.query<{
        lacks: ServiceRights['lacks']
        logsStatements: string | null
      }>(rightsQuery, [port.database])
      const { lacks = [], logsStatements = null } = rows[0] ?? {}
      const subscribes = !lacks.includes('subscribe') || (await works(client, subscriptionTrial))
      return {
        lacks: subscribes ? lacks.filter((right) => right !== 'subscribe') : lacks,
        makesEventTriggers: await works(client, eventTriggerTrial),
        ...(logsStatements !== null && { logsStatements }),
      }
    },
    database,
  )
}
