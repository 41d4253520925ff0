import type { ApplicationSite } from '../../domain/plan/plan.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { JournalEntry } from '../../domain/playbook/step-journal.ts'
import type { Variables } from '../language/expression.ts'
import type { Bindings } from './bindings.ts'
import type { InputValue } from './inputs.ts'

/** What a playbook's expressions see of this run. Names of secrets are among it, their values never. */
export function runVariables(
  request: RunRequest,
  bindings: Bindings,
  inputs: Readonly<Record<string, InputValue>>,
  journal: readonly JournalEntry[],
): Variables {
  const { plan } = request
  const sites: Record<string, unknown> = {}
  for (const [role, site] of Object.entries(plan.application.sites)) sites[role] = siteVariable(site)
  const hosts: Record<string, unknown> = {}
  for (const name of bindings.hostNames()) {
    const role = bindings.assertHost(name)
    const { name: called, address, port, user, zone, serviceDir } = plan.hosts[role]
    hosts[name] = { role, name: called, address, port, user, zone, serviceDir: serviceDir ?? '' }
    if (role !== 'entry') sites[name] = siteVariable(plan.application.sites[role])
  }
  const databases: Record<string, unknown> = {}
  for (const name of bindings.databaseNames()) {
    const role = bindings.assertDatabase(name)
    const { adminSecret: _, ...shown } = plan.databases[role]
    databases[name] = { role, ...shown, replicationAddress: shown.replicationAddress ?? shown.address }
  }
  return {
    inputs,
    hosts,
    databases,
    sites,
    endpoints: plan.endpoints,
    waivers: plan.waivers,
    policy: { loadTest: plan.policy.loadTest, gates: plan.policy.gates },
    application: { healthPath: plan.application.healthPath },
    steps: Object.fromEntries(journal.map((entry) => [entry.stepId, stepVariable(entry)])),
    facts: {},
    system: request.system,
    migration: request.migration,
  }
}

/** With the address and port its URL names, which configuration files often want one by one. */
function siteVariable(site: ApplicationSite): unknown {
  const { hostname, port, protocol } = new URL(site.url)
  const usual = protocol === 'https:' ? 443 : 80
  return {
    ...site,
    filesDirectory: site.filesDirectory ?? '',
    address: hostname,
    port: port === '' ? usual : Number(port),
  }
}

function stepVariable(entry: JournalEntry): unknown {
  return { status: entry.status, result: entry.result ?? {} }
}
