import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import {
  databaseSides,
  type DatabaseSide,
  type HostName,
  type LabDatabase,
  type LabDescription,
  labDescriptionSchema,
  type LabPorts,
} from '../description.ts'
import { haproxyBackend, haproxyServer, haproxyServerOptions } from './haproxy.ts'
import type { Host } from './host.ts'
import type { Programs } from './packages.ts'
import { permitDeskPlaces } from './permit-desk.ts'
import { pgbouncerAdmin } from './pgbouncer.ts'
import { adminUser, appDatabase, appUser } from './postgres.ts'
import { sshKeySecret } from './sshd.ts'

const run = promisify(execFile)

export const appSecret = 'lab-permit-desk'
export const pgbouncerSecret = 'lab-pgbouncer'
export const adminSecretOf = (side: DatabaseSide) => `lab-postgres-${side}`
export const mariadbSecretOf = (side: DatabaseSide) => `lab-mariadb-${side}`
export const lettersSecret = 'lab-letters'

/** Every secret a lab makes, and those of the systems that can be put into it. */
export const labSecrets = [
  appSecret,
  lettersSecret,
  pgbouncerSecret,
  sshKeySecret,
  ...databaseSides.flatMap((side) => [adminSecretOf(side), mariadbSecretOf(side)]),
]

/** Where the parts of a loopback lab are, before they are described to the outside. */
export interface Layout {
  readonly home: string
  readonly ports: LabPorts
  readonly programs: Programs
  /** Folder of PostgreSQL 18's programs. */
  readonly postgres18: string
  readonly hosts: Readonly<Record<HostName, Host>>
}

/** Describes a loopback lab. `fingerprints` are those of the hosts' keys. */
export async function describe(
  layout: Layout,
  fingerprints: Readonly<Record<string, string>>,
): Promise<LabDescription> {
  const { home, ports, hosts } = layout
  const host = (name: HostName) => ({
    address: hosts[name].address,
    sshPort: ports.ssh,
    user: hosts[name].account.name,
    hostKeyFingerprint: fingerprints[name],
    home: hosts[name].home,
    serviceDir: hosts[name].serviceDir,
    logDir: hosts[name].logDir,
  })
  const [old, staging, cloud] = await Promise.all([
    describeDatabase(layout, 'old'),
    describeDatabase(layout, 'staging'),
    describeDatabase(layout, 'cloud'),
  ])
  return labDescriptionSchema.parse({
    provider: 'loopback',
    home,
    ports,
    sshKeySecret,
    hosts: { old: host('old'), staging: host('staging'), cloud: host('cloud'), entry: host('entry') },
    databases: { old, staging, cloud },
    entry: describeEntry(layout),
    permitDesk: { host: 'old', port: ports.app, ...permitDeskPlaces(hosts.old) },
  })
}

function describeEntry({ hosts: { entry }, ports, programs }: Layout): LabDescription['entry'] {
  const config = join(entry.etc, 'haproxy.cfg')
  return {
    host: 'entry',
    httpUrl: `http://${entry.address}:${ports.http}`,
    haproxy: {
      configPath: config,
      reloadCommand: `sv hup ${join(entry.serviceDir, 'haproxy')}`,
      checkCommand: `${programs.haproxy} -c -f ${config}`,
      backend: haproxyBackend,
      server: haproxyServer,
      serverOptions: haproxyServerOptions,
    },
    pgbouncer: {
      address: entry.address,
      port: ports.pgbouncer,
      database: appDatabase,
      adminUser: pgbouncerAdmin,
      adminSecret: pgbouncerSecret,
      iniPath: join(entry.etc, 'pgbouncer.ini'),
      databasesIniPath: join(entry.etc, 'databases.ini'),
    },
  }
}

async function describeDatabase(layout: Layout, side: DatabaseSide): Promise<LabDatabase> {
  const serverBinDir = side === 'old' ? layout.programs.postgresBinDir : layout.postgres18
  const { stdout } = await run(join(serverBinDir, 'postgres'), ['--version'])
  return {
    host: side,
    address: layout.hosts[side].address,
    port: layout.ports.postgres,
    database: appDatabase,
    adminUser,
    adminSecret: adminSecretOf(side),
    appUser,
    appSecret,
    version: /\d+(\.\d+)*/.exec(stdout)?.[0] ?? '',
    serverBinDir,
    clientBinDir: layout.programs.postgresBinDir,
  }
}
