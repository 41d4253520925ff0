import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { type Host, writeFile } from './host.ts'
import { quote } from './privilege.ts'
import { writeService } from './runit.ts'
import { LabPartNotReadyError } from '../errors.ts'

export const adminUser = 'postgres'
export const appUser = 'permit_desk'
export const appDatabase = 'permit_desk'

export interface Cluster {
  readonly host: Host
  readonly binDir: string
  readonly port: number
  readonly adminPassword: string
}

/** Makes a host's PostgreSQL cluster, once: a cluster that was wiped later is not made again. */
export async function makeCluster({ host, binDir, port, adminPassword }: Cluster): Promise<void> {
  const data = dataDir(host)
  const made = join(host.etc, 'postgresql.made')
  const passwordFile = quote(join(host.runDir, 'initdb.password'))
  await host.privilege.script(
    host.account,
    `umask 027
if [ ! -e ${quote(made)} ]; then
rm -rf ${quote(data)}
${writeFile(join(host.runDir, 'initdb.password'), adminPassword, { mode: 600 })}
${quote(join(binDir, 'initdb'))} -D ${quote(data)} -U ${adminUser} -A scram-sha-256 --pwfile=${passwordFile} -E UTF8 --locale=C --no-sync >>${quote(join(host.logDir, 'initdb.log'))} 2>&1 || { tail -n 5 ${quote(join(host.logDir, 'initdb.log'))} >&2; exit 1; }
rm -f ${passwordFile}
${writeFile(join(host.etc, 'postgresql.conf'), configuration(host, port))}
${writeFile(join(host.etc, 'pg_hba.conf'), hostBasedAuthentication)}
touch ${quote(made)}
fi
${writeService(host, {
  name: 'postgresql',
  // A wiped cluster stays down instead of being started anew each second.
  before: `[ -f ${quote(join(data, 'PG_VERSION'))} ] || exec sv down ${quote(join(host.serviceDir, 'postgresql'))}`,
  command: [join(binDir, 'postgres'), '-D', data, '-c', `config_file=${join(host.etc, 'postgresql.conf')}`],
  // TERM would wait for every client to leave.
  stopSignal: 'INT',
})}
`,
  )
}

/** False when the cluster's files were removed after it had been made, as closing a migration does. */
export async function hasData(host: Host): Promise<boolean> {
  const answer = await host.privilege.script(
    host.account,
    `[ -f ${quote(join(dataDir(host), 'PG_VERSION'))} ] && echo yes; true`,
  )
  return answer.trim() === 'yes'
}

/** Waits until the server answers; gives its version (`15.20`). Throws LabPartNotReadyError. */
export async function waitForServer(cluster: Cluster, withinMs: number): Promise<string> {
  const deadline = Date.now() + withinMs
  for (;;) {
    try {
      return await withAdmin(cluster, 'postgres', async (client) => {
        const { rows } = await client.query<{ server_version: string }>('SHOW server_version')
        return rows[0]?.server_version.split(' ')[0] ?? ''
      })
    } catch (error) {
      if (Date.now() > deadline) {
        const log = join(cluster.host.logDir, 'postgresql.log')
        const tail = (await readFile(log, 'utf8').catch(() => '')).slice(-1000)
        throw new LabPartNotReadyError(`postgresql on ${cluster.host.name}`, withinMs, log, tail, {
          cause: error,
        })
      }
      await sleep(40)
    }
  }
}

/** Makes the application's role and its empty database where they are missing. */
export async function makeAppDatabase(cluster: Cluster, appPassword: string): Promise<void> {
  await withAdmin(cluster, 'postgres', async (client) => {
    const roles = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [appUser])
    if (roles.rowCount === 0) {
      await client.query(`CREATE ROLE ${appUser} LOGIN PASSWORD ${client.escapeLiteral(appPassword)}`)
    }
    const databases = await client.query('SELECT FROM pg_database WHERE datname = $1', [appDatabase])
    if (databases.rowCount === 0) await client.query(`CREATE DATABASE ${appDatabase} OWNER ${appUser}`)
  })
}

async function withAdmin<T>(
  { host, port, adminPassword }: Cluster,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    host: host.address,
    port,
    user: adminUser,
    password: adminPassword,
    database,
  })
  client.on('error', () => undefined)
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

const dataDir = (host: Host) => join(host.home, 'postgresql/data')

// No Unix socket: its path would have to be shorter than 108 bytes, and a home folder may lie deep.
const configuration = (host: Host, port: number) => `data_directory = '${dataDir(host)}'
hba_file = '${join(host.etc, 'pg_hba.conf')}'
listen_addresses = '${host.address}'
port = ${port}
unix_socket_directories = ''
max_connections = 200
shared_buffers = 256MB
max_wal_size = 4GB
min_wal_size = 256MB
checkpoint_timeout = 15min
wal_level = logical
max_wal_senders = 24
max_replication_slots = 24
max_worker_processes = 32
max_logical_replication_workers = 16
max_sync_workers_per_subscription = 4
password_encryption = scram-sha-256
timezone = 'Asia/Shanghai'
log_timezone = 'Asia/Shanghai'
log_line_prefix = '%m [%p] %q%u@%d '
`

const hostBasedAuthentication = `# type database user address method
host all all 127.0.0.0/8 scram-sha-256
host replication all 127.0.0.0/8 scram-sha-256
`
