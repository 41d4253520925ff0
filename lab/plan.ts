import { join, relative } from 'node:path'
import type { HostRole } from '../domain/host.ts'
import type { PlanInput } from '../domain/plan/plan.ts'
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

/** The plan that moves the permit desk from the lab's old host to its cloud. */
export function permitDeskPlan(lab: LabDescription, durations: LabDurations = shortDurations): PlanInput {
  return {
    plan: 'permit-desk-plan',
    system: permitDeskSystem.system,
    hosts: {
      // The old host's key is known to its department; the new hosts' keys are pinned when they are allocated.
      source: { ...host(lab, 'old'), hostKey: lab.hosts.old.hostKeyFingerprint },
      staging: host(lab, 'staging'),
      target: host(lab, 'cloud'),
      entry: { ...host(lab, 'entry'), hostKey: lab.hosts.entry.hostKeyFingerprint },
    },
    databases: {
      source: database(lab, 'source', 'old'),
      staging: database(lab, 'staging', 'staging'),
      target: database(lab, 'target', 'cloud'),
    },
    endpoints: endpoints(lab),
    application: {
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
      sites: { source: site(lab, 'old'), staging: site(lab, 'staging'), target: site(lab, 'cloud') },
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
    organisations: {
      owner: 'permit-bureau',
      provider: 'city-cloud',
      vendor: 'permit-soft',
      coordinator: 'coordination-office',
      operations: 'operations-centre',
    },
    policy: policy(durations),
    waivers: waivers,
    inputs: { 'load-path': '/permits' },
  }
}

function endpoints({ entry }: LabDescription): PlanInput['endpoints'] {
  return {
    database: {
      address: entry.pgbouncer.address,
      port: entry.pgbouncer.port,
      adminUser: entry.pgbouncer.adminUser,
      adminSecret: entry.pgbouncer.adminSecret,
      databasesFile: entry.pgbouncer.databasesIniPath,
      entryName: entry.pgbouncer.database,
    },
    http: {
      url: entry.httpUrl,
      proxy: 'haproxy',
      configFile: entry.haproxy.configPath,
      service: 'haproxy',
      backend: entry.haproxy.backend,
      server: entry.haproxy.server,
    },
  }
}

function policy(durations: LabDurations): PlanInput['policy'] {
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

const waivers: Readonly<Record<string, string>> = {
  'public.visit_log': 'Visits are statistics: rows are only ever added, and a full row identifies itself.',
  'public.queue_ticket': 'Tickets of the day: the queue starts empty every morning.',
  'large-objects': 'The seal images are read-only and are compared after the copy.',
}

function host(lab: LabDescription, name: HostName): PlanInput['hosts']['source'] {
  const { address, sshPort, user, serviceDir } = lab.hosts[name]
  return { name, address, port: sshPort, user, keySecret: lab.sshKeySecret, zone: 'default', serviceDir }
}

function database(lab: LabDescription, role: HostRole, side: DatabaseSide): PlanInput['databases']['source'] {
  const { address, port, database: name, adminUser, adminSecret, appUser, appSecret } = lab.databases[side]
  return { host: role, address, port, database: name, adminUser, adminSecret, appRoles: [appUser], appSecret }
}

/** The permit desk lies at the same place below every host's own folder. */
function site(lab: LabDescription, name: DatabaseSide): PlanInput['application']['sites']['source'] {
  const { codeDir, configFile, uploadDir, service, port } = lab.permitDesk
  const here = (path: string): string => join(lab.hosts[name].home, relative(lab.hosts.old.home, path))
  return {
    url: `http://${lab.hosts[name].address}:${port}`,
    directory: here(codeDir),
    configFile: here(configFile),
    filesDirectory: here(uploadDir),
    service,
  }
}
