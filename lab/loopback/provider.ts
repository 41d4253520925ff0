import { chmod, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { firstClosedFolder } from '../../config/home.mjs'
import {
  type DatabaseSide,
  type HostName,
  hostNames,
  type LabDescription,
  labDescriptionSchema,
  type LabPorts,
  labPortsSchema,
} from '../description.ts'
import { LabHomeClosedError, LabMovedError } from '../errors.ts'
import { ensureSecret, secretPath } from '../secrets.ts'
import { adminSecretOf, appSecret, describe, labSecrets, type Layout, pgbouncerSecret } from './describe.ts'
import { writeCron } from './cron.ts'
import { makeHaproxy } from './haproxy.ts'
import { describeHost, type Host, makeHost } from './host.ts'
import { findPrograms, type Programs } from './packages.ts'
import { deployPermitDesk, needsPermitDesk, seedPermitDesk } from './permit-desk.ts'
import { makePgbouncer } from './pgbouncer.ts'
import { chooseFreePorts, claimBlock } from './ports.ts'
import { type Cluster, hasData, makeAppDatabase, makeCluster, waitForServer } from './postgres.ts'
import { ensurePostgres18 } from './postgres18.ts'
import { Privilege, root } from './privilege.ts'
import { findRunsvdir } from './processes.ts'
import { waitForHttp, waitForPort } from './ready.ts'
import { startServices, stopServices } from './runit.ts'
import { ensureLabKey, makeSshd } from './sshd.ts'
import { claimLab, findStarter, releaseLab } from './starter.ts'

export interface LoopbackOptions {
  readonly home: string
  /** The hosts to start; the others are described, not started. */
  readonly only: readonly HostName[]
  readonly ports: Partial<LabPorts>
}

/** Brings up a lab on loopback addresses, or adopts the one that is up in that home. Writes <home>/lab/lab.json. */
export async function startLoopbackLab(options: LoopbackOptions): Promise<LabDescription> {
  const { home } = options
  const programs = await findPrograms()
  const privilege = await Privilege.acquire()
  await assertNotMoved(home)
  const labDir = await openFolders(home)
  await claimLab(home)
  const hosts = await makeHosts(privilege, labDir, programs)
  const adopted = await runningHosts(Object.values(hosts))
  try {
    return await start(options, { labDir, programs, hosts })
  } catch (error) {
    const started = Object.values(hosts).filter((host) => !adopted.has(host.name))
    await Promise.all(started.map(stopServices))
    await releaseLab(home)
    throw error
  }
}

async function start(
  { home, only, ports: wished }: LoopbackOptions,
  { labDir, programs, hosts }: { labDir: string; programs: Programs; hosts: Layout['hosts'] },
): Promise<LabDescription> {
  const ports = await keptPorts(labDir, wished)
  const [postgres18, publicKey] = await Promise.all([ensurePostgres18(home), ensureLabKey(home, programs)])
  const layout: Layout = { home, ports, programs, postgres18, hosts }
  const fingerprints = await Promise.all(
    hostNames.map(async (name) => {
      return [name, await makeSshd(hosts[name], ports.ssh, publicKey, programs)] as const
    }),
  )
  // All are awaited even when one fails, so that whoever cleans up does not race with a start still under way.
  const starts = await Promise.allSettled(only.map((name) => startHost(layout, name)))
  for (const one of starts) if (one.status === 'rejected') throw one.reason
  if (only.includes('old') && only.includes('entry')) {
    // Not insisted on: the permit desk may be between two places, and nobody then answers until the move goes on.
    await waitForHttp(`http://${hosts.entry.address}:${ports.http}/health`, 5_000)
  }
  const description = await describe(layout, Object.fromEntries(fingerprints))
  await writeJson(join(labDir, 'lab.json'), description)
  return description
}

async function runningHosts(hosts: readonly Host[]): Promise<Set<HostName>> {
  const pids = await Promise.all(hosts.map((host) => findRunsvdir(host.serviceDir)))
  return new Set(hosts.filter((_, index) => pids[index] !== undefined).map((host) => host.name))
}

/** Ends all that a lab runs, whoever started it and however that ended. */
export async function stopLoopbackLab(home: string): Promise<void> {
  const hosts = await describeHosts(home)
  await Promise.all(hosts.map(stopServices))
  await releaseLab(home)
}

/** Ends a lab and removes its files, its lab.json and the secrets it made. */
export async function removeLoopbackLab(home: string): Promise<void> {
  await stopLoopbackLab(home)
  const privilege = await Privilege.acquire()
  await privilege.run(root, 'rm', ['-rf', join(home, 'lab')])
  const files = labSecrets.flatMap((name) => [secretPath(home, name), `${secretPath(home, name)}.for.json`])
  await Promise.all(files.map((file) => rm(file, { force: true })))
}

/** Says which hosts of a lab are supervised now, and by whom the lab is run. */
export async function loopbackStatus(home: string) {
  const running = await runningHosts(await describeHosts(home))
  const hosts = Object.fromEntries(hostNames.map((name) => [name, running.has(name)]))
  return { starterPid: (await findStarter(home))?.pid, hosts }
}

async function describeHosts(home: string): Promise<Host[]> {
  const programs = await findPrograms()
  const privilege = await Privilege.acquire()
  return Promise.all(hostNames.map((name) => describeHost(privilege, join(home, 'lab'), name, programs)))
}

async function makeHosts(privilege: Privilege, labDir: string, programs: Programs): Promise<Layout['hosts']> {
  const [old, staging, cloud, entry] = await Promise.all([
    makeHost(privilege, labDir, 'old', programs),
    makeHost(privilege, labDir, 'staging', programs),
    makeHost(privilege, labDir, 'cloud', programs),
    makeHost(privilege, labDir, 'entry', programs),
  ])
  return { old, staging, cloud, entry }
}

const startWithinMs = 30_000

async function startHost(layout: Layout, name: HostName): Promise<void> {
  const { ports } = layout
  const host = layout.hosts[name]
  if (name === 'entry') {
    await startEntry(layout)
  } else {
    await startDatabaseHost(layout, name)
  }
  await waitForPort(host, 'sshd', ports.ssh, startWithinMs)
}

async function startDatabaseHost(layout: Layout, side: DatabaseSide): Promise<void> {
  const { home, ports, programs } = layout
  const host = layout.hosts[side]
  const cluster = await clusterOf(layout, side)
  const appPassword = await ensureSecret(home, appSecret)
  const isNew = side === 'old' && (await needsPermitDesk(host))
  await makeCluster(cluster)
  await host.privilege.script(host.account, `umask 027\n${writeCron(host)}`)
  if (isNew) await deployPermitDesk(host, ports, appPassword)
  await startServices(host, programs, [ports.ssh, ports.postgres])
  if (!(await hasData(host))) return
  await waitForServer(cluster, startWithinMs)
  // The old side's database is made once: a move drops it in the end, and it is not to come back.
  if (side !== 'old' || isNew) await makeAppDatabase(cluster, appPassword)
  if (isNew) await seedPermitDesk(host, ports)
}

async function startEntry(layout: Layout): Promise<void> {
  const { home, hosts, ports, programs } = layout
  await makePgbouncer(hosts.entry, programs, {
    port: ports.pgbouncer,
    database: { address: hosts.old.address, port: ports.postgres },
    adminPassword: await ensureSecret(home, pgbouncerSecret),
    appPassword: await ensureSecret(home, appSecret),
  })
  const server = { address: hosts.old.address, port: ports.app }
  await makeHaproxy(hosts.entry, programs, { port: ports.http, server })
  await startServices(hosts.entry, programs, [ports.ssh, ports.pgbouncer, ports.http])
  await waitForPort(hosts.entry, 'pgbouncer', ports.pgbouncer, startWithinMs)
  await waitForPort(hosts.entry, 'haproxy', ports.http, startWithinMs)
}

async function clusterOf(layout: Layout, side: DatabaseSide): Promise<Cluster> {
  return {
    host: layout.hosts[side],
    binDir: side === 'old' ? layout.programs.postgresBinDir : layout.postgres18,
    port: layout.ports.postgres,
    adminPassword: await ensureSecret(layout.home, adminSecretOf(side)),
  }
}

/** Throws LabMovedError when the lab of a home was made in another one. */
async function assertNotMoved(home: string): Promise<void> {
  const text = await readFile(join(home, 'lab', 'lab.json'), 'utf8').catch(() => undefined)
  const known = text === undefined ? undefined : labDescriptionSchema.safeParse(JSON.parse(text)).data
  if (known !== undefined && known.home !== home) throw new LabMovedError(home, known.home)
}

/** Makes the folders that the hosts' users must pass through. Throws LabHomeClosedError when one above is closed. */
async function openFolders(home: string): Promise<string> {
  const labDir = join(home, 'lab')
  await mkdir(join(labDir, 'hosts'), { recursive: true })
  for (const folder of [home, labDir, join(labDir, 'hosts')]) {
    const { mode, uid } = await stat(folder)
    if ((mode & 0o001) === 0 && uid === process.getuid?.()) await chmod(folder, (mode & 0o777) | 0o001)
  }
  const closed = firstClosedFolder(labDir)
  if (closed !== undefined) throw new LabHomeClosedError(home, closed)
  return labDir
}

/** The ports of the first start, for good: they are in the hosts' configuration files. */
async function keptPorts(labDir: string, wished: Partial<LabPorts>): Promise<LabPorts> {
  const path = join(labDir, 'ports.json')
  const kept = await readFile(path, 'utf8').catch(() => undefined)
  if (kept !== undefined) {
    const ports = labPortsSchema.parse(JSON.parse(kept))
    await claimBlock(ports.ssh)
    return ports
  }
  const ports = await chooseFreePorts(labDir, wished)
  await writeJson(path, ports)
  return ports
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(value, null, 2)}\n`)
  await rename(`${path}.new`, path)
}
