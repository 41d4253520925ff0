import type pg from 'pg'
import type { DatabasePlace } from '../../domain/host.ts'
import { PostgresDatabase } from '../../families/postgresql/database.ts'
import { type Pair, appRole, database, port, startPair, withServer } from './postgres-pair.ts'
import { appPassword, type startServer } from './postgres-servers.ts'

/** The administrator that a managed service gives its customers. Its superuser, "postgres" here, is the provider's own. */
export const cloudAdmin = 'cloud_admin'
export const cloudPassword = 'cloud-admin-of-the-test'

/** What the services of the record on managed services give it on servers from 16 on: all but superuser. */
export const rightsOfCloudAdmin = {
  attributes: 'createdb createrole replication',
  memberOf: ['pg_create_subscription', 'pg_monitor', 'pg_signal_backend', 'pg_checkpoint'],
} as const

export interface CloudRights {
  readonly attributes: string
  readonly memberOf: readonly string[]
}

/** Makes the administrator of a managed service on a server, with no more than these rights. */
export async function makeManaged(
  serverPort: number,
  { attributes, memberOf }: CloudRights = rightsOfCloudAdmin,
  name = cloudAdmin,
): Promise<void> {
  await withServer(serverPort, 'postgres', async (client: pg.Client) => {
    await client.query(`create role ${name} login nosuperuser ${attributes} password '${cloudPassword}'`)
    for (const role of memberOf) await client.query(`grant ${role} to ${name}`)
  })
}

/** A database of a managed service, as its customer reaches it: by the service's address alone. */
export function managedPort(
  role: DatabasePlace['host'],
  number: number,
  name = database,
  adminUser = cloudAdmin,
): PostgresDatabase {
  const ref: DatabasePlace = {
    host: role,
    address: '127.0.0.1',
    port: number,
    database: name,
    adminUser,
    adminSecret: 'admin',
    appRoles: [appRole],
    appSecret: 'app',
    managed: { version: 18 },
  }
  return new PostgresDatabase(role, ref, async (secret) => (secret === 'admin' ? cloudPassword : appPassword))
}

/** The sides of a pair whose new side is a managed service. */
export const portOfManagedPair = (role: DatabasePlace['host'], number: number): PostgresDatabase =>
  (role === 'source' ? port : managedPort)(role, number)

/** A pair whose new side is a managed service. */
export async function startManagedPair(
  name: string,
  rights?: CloudRights,
  start?: typeof startServer,
): Promise<Pair> {
  const pair = await startPair(name, {}, start)
  await makeManaged(pair.new.port, rights)
  return { ...pair, isManaged: true, target: managedPort('target', pair.new.port) }
}
