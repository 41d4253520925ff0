import { join, relative } from 'node:path'
import type { HostRole } from '../domain/host-role.ts'
import type { Place, PlanInputV2, Site } from '../domain/plan/plan.ts'
import type { System } from '../domain/ledger/system.ts'
import type { DatabaseSide, HostName, LabDescription } from './description.ts'

/** The permit desk's line in the ledger. */
export const permitDeskSystem: System = {
  system: 'permit-desk',
  name: '行政许可受理系统',
  department: 'permit-bureau',
  vendor: 'permit-soft',
  network: 'extranet-administrative',
  mlpsLevel: 2,
  classified: false,
  description: 'The permit desk of the lab: HTTP, PostgreSQL, uploaded files and a cron job.',
}

/** How short the lab makes what takes months: seconds, never seen in a production policy. */
export interface LabDurations {
  readonly trialRunSeconds: number
  readonly retentionSeconds: number
  readonly loadTestSeconds: number
}

const shortDurations: LabDurations = { trialRunSeconds: 10, retentionSeconds: 30, loadTestSeconds: 6 }

/** How the permit desk reaches its database: through the entry's pgbouncer, or with nothing in between. */
export const waysToDatabase = ['pgbouncer', 'none'] as const
export type WayToDatabase = (typeof waysToDatabase)[number]

/** Who takes part in a move of the lab. */
export const organisations = {
  owner: 'permit-bureau',
  provider: 'city-cloud',
  vendor: 'permit-soft',
  coordinator: 'coordination-office',
  operations: 'operations-centre',
} as const

/** The plan that moves the permit desk from the lab's old host to its cloud. */
export function permitDeskPlan(
  lab: LabDescription,
  durations: LabDurations = shortDurations,
  way: WayToDatabase = 'pgbouncer',
): PlanInputV2 {
  return {
    version: 2,
    plan: 'permit-desk-plan',
    system: permitDeskSystem.system,
    hosts: {
      // The old host's key is known to its department; the new hosts' keys are pinned when they are allocated.
      old: { ...host(lab, 'old', 'source'), hostKey: lab.hosts.old.hostKeyFingerprint },
      staging: host(lab, 'staging', 'staging'),
      cloud: host(lab, 'cloud', 'target'),
      entry: { ...host(lab, 'entry', 'entry'), hostKey: lab.hosts.entry.hostKeyFingerprint },
    },
    datasets: {
      database: {
        family: 'postgresql',
        source: database(lab, 'old'),
        staging: database(lab, 'staging'),
        target: database(lab, 'cloud'),
      },
      uploads: {
        family: 'files',
        source: uploads(lab, 'old'),
        staging: uploads(lab, 'staging'),
        target: uploads(lab, 'cloud'),
      },
    },
    endpoints: endpoints(lab, way),
    applications: {
      'permit-desk': {
        healthPath: '/health',
        writeProbe: {
          path: '/permits',
          body: JSON.stringify({
            key: '{unique}',
            typeCode: 'food',
            applicantName: '割接验证',
            idNumber: '110101199001011234',
            address: '政务服务中心',
          }),
          readPath: '/lookup?key={unique}',
        },
        sites: { source: [site(lab, 'old')], staging: [site(lab, 'staging')], target: [site(lab, 'cloud')] },
      },
    },
    playbooks: {
      deploy: 'permit-desk-deploy',
      copy: 'postgresql-copy',
      rehearse: 'postgresql-rehearsal',
      replicate: 'postgresql-replicate',
      cutover: 'system-cutover',
      afterCutover: 'system-after-cutover',
      rollback: 'system-rollback',
      close: 'system-close',
    },
    organisations,
    policy: policy(durations),
    waivers: waivers,
    inputs: { 'load-path': '/permits' },
  }
}

function endpoints({ entry }: LabDescription, way: WayToDatabase): PlanInputV2['endpoints'] {
  return {
    database:
      way === 'none'
        ? { kind: 'none', fronts: 'database', clients: [] }
        : {
            kind: 'pgbouncer',
            fronts: 'database',
            host: 'entry',
            address: entry.pgbouncer.address,
            port: entry.pgbouncer.port,
            adminUser: entry.pgbouncer.adminUser,
            adminSecret: entry.pgbouncer.adminSecret,
            databasesFile: entry.pgbouncer.databasesIniPath,
            entryName: entry.pgbouncer.database,
          },
    http: httpEndpoint(entry, 'permit-desk'),
  }
}

/** The lab's haproxy in front of an application. */
export function httpEndpoint(
  { httpUrl, haproxy }: LabDescription['entry'],
  fronts: string,
): PlanInputV2['endpoints'][string] {
  return {
    kind: 'http',
    fronts,
    host: 'entry',
    url: httpUrl,
    proxy: 'haproxy',
    configFile: haproxy.configPath,
    service: 'haproxy',
    backend: haproxy.backend,
    servers: [haproxy.server],
  }
}

export function policy(durations: LabDurations = shortDurations): PlanInputV2['policy'] {
  return {
    profile: 'lab',
    timeZone: 'Asia/Shanghai',
    trialRun: { seconds: durations.trialRunSeconds },
    retention: { seconds: durations.retentionSeconds },
    parties: ['owner', 'provider', 'vendor'],
    maxMlpsLevel: 3,
    longestWindowHours: 72,
    gates: {
      // Two sides of the lab share two processors with everything else: the ratio is loose, the other gates are not.
      maxP95Ratio: 3,
      maxFailedShare: 0.001,
      p95FloorMs: 100,
      maxWriteGapMs: 5000,
      minAvailability: 0.99,
      minObservedShare: 0.8,
    },
    afterRollback: 'trial-run',
    probeIntervalMs: 500,
    loadTest: { ratePerSecond: 30, seconds: durations.loadTestSeconds },
  }
}

const waivers: PlanInputV2['waivers'] = [
  {
    rule: 'table-without-key',
    pattern: 'public.visit_log',
    reason: 'Visits are statistics: rows are only ever added, and a full row identifies itself.',
  },
  {
    rule: 'unlogged-table',
    pattern: 'public.queue_ticket',
    reason: 'Tickets of the day: the queue starts empty every morning.',
  },
  {
    rule: 'large-objects',
    pattern: 'large-objects',
    reason: 'The seal images are read-only and are compared after the copy.',
  },
]

/** A host of the lab as a plan names it. */
export function host(lab: LabDescription, name: HostName, role: HostRole): PlanInputV2['hosts'][string] {
  const { address, sshPort, user, serviceDir } = lab.hosts[name]
  return { role, address, port: sshPort, user, keySecret: lab.sshKeySecret, zone: 'default', serviceDir }
}

function database(lab: LabDescription, side: DatabaseSide): Place {
  const { address, port, database: name, adminUser, adminSecret, appUser, appSecret } = lab.databases[side]
  return { host: side, address, port, database: name, adminUser, adminSecret, appRoles: [appUser], appSecret }
}

function uploads(lab: LabDescription, side: DatabaseSide): Place {
  return { host: side, path: here(lab, side, lab.permitDesk.uploadDir) }
}

function site(lab: LabDescription, name: DatabaseSide): Site {
  const { codeDir, configFile, service, port } = lab.permitDesk
  return {
    host: name,
    url: `http://${lab.hosts[name].address}:${port}`,
    directory: here(lab, name, codeDir),
    configFile: here(lab, name, configFile),
    service,
  }
}

/** A system of the lab lies at the same place below every host's own folder. */
export function here(lab: LabDescription, name: DatabaseSide, path: string): string {
  return join(lab.hosts[name].home, relative(lab.hosts.old.home, path))
}
