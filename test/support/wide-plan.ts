import type { Endpoint } from '../../domain/plan/endpoint.ts'
import type { MigrationPlan, PlanHost, Site } from '../../domain/plan/plan.ts'
import { samplePlan } from './plan.ts'

type Role = 'source' | 'staging' | 'target'
const places: Readonly<Record<Role, readonly string[]>> = {
  source: ['old-1', 'old-2'],
  staging: ['test'],
  target: ['new-1', 'new-2', 'new-3'],
}

/** A plan with two applications on several hosts of a role, three file trees, and one database. No host of it is ever asked. */
export function widePlan(): MigrationPlan {
  const base = samplePlan()
  return {
    ...base,
    hosts: Object.fromEntries([
      ...Object.entries(places).flatMap(([role, names], side) =>
        names.map((name, index) => [name, host(role as Role, `10.0.${String(side)}.${String(index + 1)}`)]),
      ),
      ['door', host('entry', '10.0.9.1')],
    ]) as MigrationPlan['hosts'],
    datasets: {
      database: {
        family: 'postgresql',
        source: { ...base.datasets['database']?.source, host: 'old-1' },
        staging: { ...base.datasets['database']?.staging, host: 'test' },
        target: { ...base.datasets['database']?.target, host: 'new-1' },
      },
      uploads: tree('/srv/uploads'),
      scans: tree('/srv/scans'),
      exports: tree('/srv/exports'),
    },
    applications: {
      desk: {
        ...application('desk', 8080),
        writeProbe: { path: '/', body: '"{unique}"', readPath: '/{unique}' },
      },
      portal: application('portal', 8081),
    },
    endpoints: {
      database: { ...entryOf(base.endpoints['database']), host: 'door' },
      web: http('desk', ['desk-1', 'desk-2', 'desk-3']),
      portal: http('portal', ['portal-1', 'portal-2', 'portal-3']),
    },
  }
}

function host(role: PlanHost['role'], address: string): PlanHost {
  return { role, address, port: 22, user: 'qianyun', keySecret: 'ssh-key', zone: 'default' }
}

function tree(path: string) {
  const place = (role: Role) => ({ host: places[role][0] ?? '', path })
  return { family: 'files', source: place('source'), staging: place('staging'), target: place('target') }
}

function application(name: string, port: number) {
  const sites = (role: Role) =>
    places[role].map((on, index): Site => ({
      host: on,
      url: `http://10.0.${String(Object.keys(places).indexOf(role))}.${String(index + 1)}:${String(port)}`,
      directory: `/opt/${name}`,
      configFile: `/etc/${name}.conf`,
      service: name,
    }))
  return {
    healthPath: '/health',
    sites: { source: sites('source'), staging: sites('staging'), target: sites('target') },
  }
}

function http(fronts: string, servers: string[]): Endpoint {
  return {
    kind: 'http',
    fronts,
    host: 'door',
    url: `https://${fronts}.example.gov.cn`,
    proxy: 'haproxy',
    configFile: '/etc/haproxy/haproxy.cfg',
    service: 'haproxy',
    backend: fronts,
    servers,
  }
}

function entryOf(endpoint: Endpoint | undefined): Extract<Endpoint, { kind: 'pgbouncer' }> {
  if (endpoint?.kind !== 'pgbouncer') throw new Error('the sample plan has a pgbouncer')
  return { ...endpoint, fronts: 'database' }
}
