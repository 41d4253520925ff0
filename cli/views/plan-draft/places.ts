import { planDraftComments as c } from '../../messages/plan-draft.ts'
import { type DraftHost, type DraftKnown, hostName, type HostRole, sides, type Speaking } from './known.ts'
import type { DraftLines } from './lines.ts'

const adminOf = { source: 'admin-old', staging: 'admin-staging', target: 'admin-new' } as const

/** Hosts of a role as other parts name them: one that is missing yet is called what its placeholder is. */
const hostsOf = (
  hosts: readonly DraftHost[],
  role: HostRole,
): readonly Pick<DraftHost, 'name' | 'address'>[] => {
  const ofRole = hosts.filter((host) => host.role === role)
  return ofRole.length === 0 ? [{ name: hostName(role), address: '' }] : ofRole
}

/** The database and, as an example, a file tree. */
export function datasetLines(draft: DraftLines, known: DraftKnown, { say }: Speaking): void {
  const { system, hosts, secrets, database } = known
  draft.blank().part(0, 'datasets', say(c.datasets)).part(1, system.system).known(2, 'family', 'postgresql')
  for (const role of sides) {
    const [host] = hostsOf(hosts, role)
    const address = host === undefined || host.address === '' ? undefined : host.address
    draft
      .part(2, role)
      .known(3, 'host', host?.name ?? hostName(role))
      .either(3, 'address', address, ['10.0.0.1', say(c.hostOf[role])])
      .either(3, 'database', database, ['name_of_database', say(c.database)])
      .unknown(3, 'adminUser', 'postgres', say(c.adminUser))
      .known(3, 'adminSecret', secrets[adminOf[role]])
      .unknown(3, 'appRoles', '[role_of_application]', say(c.appRoles))
      .known(3, 'appSecret', secrets.app)
    if (role === 'target') draft.lines.push(`      # managed: { version: 17 }   # ${say(c.managed)}`)
  }
  const places = sides.map((role) => {
    const [host] = hostsOf(hosts, role)
    return `#   ${role}: { host: ${host?.name ?? hostName(role)}, path: /srv/uploads }`
  })
  draft.comment(1, say(c.files))
  draft.lines.push('  # uploads:', '  #   family: files', ...places.map((line) => `  ${line}`))
}

/** One application, with a site on each host of a side. */
export function applicationLines(draft: DraftLines, { system, hosts }: DraftKnown, { say }: Speaking): void {
  draft
    .blank()
    .part(0, 'applications', say(c.applications))
    .part(1, system.system)
    .unknown(2, 'healthPath', '/health', say(c.healthPath))
    .part(2, 'writeProbe', say(c.writeProbe))
    .unknown(3, 'path', '/notes', say(c.probePath))
    .unknown(3, 'body', `'{"text":"{unique}"}'`, say(c.probeBody, { unique: '{unique}' }))
    .unknown(3, 'readPath', '/notes?newest=20', say(c.readPath))
    .part(2, 'sites', say(c.sites))
  for (const role of sides) {
    draft.part(3, role)
    for (const { name, address } of hostsOf(hosts, role)) {
      const where = address === '' ? '10.0.0.1' : address
      draft
        .item(4, 'host', name)
        .unknown(5, 'url', `http://${where.includes(':') ? `[${where}]` : where}:8080`, say(c.url))
        .unknown(5, 'directory', `/opt/${system.system}`, say(c.directory))
        .unknown(5, 'configFile', `/etc/${system.system}/app.conf`, say(c.configFile))
        .unknown(5, 'service', system.system, say(c.service))
    }
  }
}

/** The pooler in front of the database, and the proxy in front of the application. */
export function endpointLines(draft: DraftLines, known: DraftKnown, { say }: Speaking): void {
  const { system, hosts, secrets, database } = known
  const [entry] = hostsOf(hosts, 'entry')
  const host = entry?.name ?? hostName('entry')
  const address = entry === undefined || entry.address === '' ? undefined : entry.address
  const sites = Math.max(hostsOf(hosts, 'source').length, hostsOf(hosts, 'target').length)
  const serverLines = `[${Array.from({ length: sites }, (_, index) => `line_${String(index + 1)}`).join(', ')}]`
  draft
    .blank()
    .part(0, 'endpoints', say(c.endpoints))
    .part(1, 'database', say(c.pooler))
    .known(2, 'kind', 'pgbouncer')
    .known(2, 'fronts', system.system)
    .known(2, 'host', host)
    .either(2, 'address', address, ['10.0.0.1', say(c.poolerAddress)])
    .unknown(2, 'port', '6432', say(c.poolerPort))
    .unknown(2, 'adminUser', 'pgbouncer', say(c.poolerUser))
    .known(2, 'adminSecret', secrets.pgbouncer)
    .unknown(2, 'databasesFile', '/etc/pgbouncer/databases.ini', say(c.databasesFile))
    .either(2, 'entryName', database, ['name_of_entry', say(c.entryName)])
    .part(1, 'web', say(c.proxy))
    .known(2, 'kind', 'http')
    .known(2, 'fronts', system.system)
    .known(2, 'host', host)
    .unknown(2, 'url', `https://${system.system}.example.gov.cn`, say(c.publicUrl))
    .known(2, 'proxy', 'haproxy', 'haproxy / nginx')
    .unknown(2, 'configFile', '/etc/haproxy/haproxy.cfg', say(c.proxyConfig))
    .unknown(2, 'service', 'haproxy', say(c.proxyService))
    .unknown(2, 'backend', 'name_of_backend', say(c.backend))
    .unknown(2, 'servers', serverLines, say(c.servers))
}
