import type { MigrationPlanV1 } from '../../domain/plan/plan-v1.ts'

const digest = 'a'.repeat(64)

const host = (name: string, address: string) => ({
  name,
  address,
  port: 22,
  user: `qy-${name}`,
  keySecret: 'ssh-key',
  zone: 'default',
})

const database = (role: 'source' | 'staging' | 'target', address: string) => ({
  host: role,
  address,
  port: 5432,
  database: 'permit_desk',
  adminUser: 'postgres',
  adminSecret: `postgres-${role}`,
  appRoles: ['permit_app'],
  appSecret: `app-${role}`,
})

const site = (address: string) => ({
  url: `http://${address}:8080`,
  directory: '/srv/permit-desk',
  configFile: '/srv/permit-desk/permit-desk.conf',
  service: 'permit-desk',
})

const playbook = (name: string) => ({ name, digest })

/** A plan of version 1 that is right in itself; no host of it is ever asked. */
export function samplePlanV1(policy: Partial<MigrationPlanV1['policy']> = {}): MigrationPlanV1 {
  return {
    plan: 'permit-desk-plan',
    system: 'permit-desk',
    hosts: {
      source: host('old', '127.0.0.11'),
      staging: host('staging', '127.0.0.12'),
      target: host('cloud', '127.0.0.13'),
      entry: host('entry', '127.0.0.14'),
    },
    databases: {
      source: database('source', '127.0.0.11'),
      staging: database('staging', '127.0.0.12'),
      target: database('target', '127.0.0.13'),
    },
    endpoints: {
      database: {
        address: '127.0.0.14',
        port: 6432,
        adminUser: 'pgbouncer',
        adminSecret: 'pgbouncer-admin',
        databasesFile: '/etc/pgbouncer/databases.ini',
        entryName: 'permit_desk',
      },
      http: {
        url: 'http://127.0.0.14:8080',
        proxy: 'haproxy',
        configFile: '/etc/haproxy/haproxy.cfg',
        service: 'haproxy',
        backend: 'permit-desk',
        server: 'permit-desk',
      },
    },
    application: {
      healthPath: '/health',
      writeProbe: { path: '/permits', body: '{"applicant":"{unique}"}', readPath: '/permits/{id}' },
      sites: { source: site('127.0.0.11'), staging: site('127.0.0.12'), target: site('127.0.0.13') },
    },
    playbooks: {
      deploy: playbook('permit-desk-deploy'),
      copy: playbook('postgresql-copy'),
      rehearse: playbook('postgresql-rehearsal'),
      replicate: playbook('postgresql-replicate'),
      cutover: playbook('system-cutover'),
      afterCutover: playbook('system-after-cutover'),
      rollback: playbook('system-rollback'),
      close: playbook('system-close'),
    },
    organisations: {
      owner: 'permit-bureau',
      provider: 'city-cloud',
      vendor: 'permit-soft',
      coordinator: 'coordination-office',
      operations: 'operations-centre',
    },
    policy: {
      profile: 'production',
      timeZone: 'Asia/Shanghai',
      retention: { months: 3 },
      trialRun: { days: 30 },
      parties: ['owner', 'provider'],
      maxMlpsLevel: 3,
      longestWindowHours: 72,
      gates: {
        maxFailedShare: 0.001,
        maxP95Ratio: 1.25,
        p95FloorMs: 50,
        maxWriteGapMs: 5000,
        minAvailability: 0.995,
        minObservedShare: 0.95,
      },
      afterRollback: 'trial-run',
      probeIntervalMs: 10_000,
      loadTest: { ratePerSecond: 50, seconds: 60 },
      ...policy,
    },
    waivers: {},
    inputs: {},
  }
}
