import { PostgresDatabase } from '../families/postgresql/database.ts'
import { appRole, database as oneDatabase } from '../test/support/postgres-pair.ts'
import { adminPassword, adminUser, appPassword } from '../test/support/postgres-servers.ts'

/** Where the runner and the pooler reach the servers, and where the servers reach each other: networks that can be cut. */
export const addresses = { own: '127.0.0.2', replication: '127.0.0.3' } as const

/** The databases of a pair: each is switched by itself, and all of them have the servers and the pooler in common. */
export const databases = [oneDatabase, 'ledger-2'] as const

/** A side as everybody but the soak itself reaches it. */
export function side(role: 'source' | 'target', port: number, database: string): PostgresDatabase {
  const ref = {
    host: role,
    address: addresses.own,
    port,
    database,
    adminUser,
    adminSecret: 'admin',
    appRoles: [appRole],
    appSecret: 'app',
    replicationAddress: addresses.replication,
  }
  return new PostgresDatabase(role, ref, async (name) => (name === 'admin' ? adminPassword : appPassword))
}
