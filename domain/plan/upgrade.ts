import type { HostRole } from '../host-role.ts'
import type { Dataset, GivenPlan, MigrationPlan, PlanHost, Site } from './plan.ts'
import type { MigrationPlanV1 } from './plan-v1.ts'
import type { Waiver } from './waiving.ts'

/** What the parts of an upgraded plan are called: version 1 had one of each. */
export const upgradedNames = {
  database: 'database',
  files: 'files',
  application: 'application',
  databaseEndpoint: 'database',
  httpEndpoint: 'http',
} as const

/**
 * Reads a plan of any version as one of version 2; a plan of version 2 comes back as it is. Its hosts are named after their
 * roles, so that host keys recorded by role stay those of the same hosts.
 */
export function upgradePlan(plan: GivenPlan): MigrationPlan {
  if (plan.version === 2) return plan
  const { version: _, hosts, databases, endpoints, application, waivers, ...head } = plan
  const { healthPath, writeProbe } = application
  const { server, ...http } = endpoints.http
  return {
    ...head,
    version: 2,
    hosts: {
      source: hostOf(plan, 'source'),
      staging: hostOf(plan, 'staging'),
      target: hostOf(plan, 'target'),
      entry: hostOf(plan, 'entry'),
    },
    datasets: {
      [upgradedNames.database]: { family: 'postgresql', ...databases },
      ...filesOf(plan),
    },
    applications: {
      [upgradedNames.application]: {
        healthPath,
        ...(writeProbe === undefined ? {} : { writeProbe }),
        sites: {
          source: [siteOf(plan, 'source')],
          staging: [siteOf(plan, 'staging')],
          target: [siteOf(plan, 'target')],
        },
      },
    },
    endpoints: {
      [upgradedNames.databaseEndpoint]: {
        kind: 'pgbouncer',
        fronts: upgradedNames.database,
        host: 'entry',
        ...endpoints.database,
      },
      [upgradedNames.httpEndpoint]: {
        kind: 'http',
        fronts: upgradedNames.application,
        host: 'entry',
        ...http,
        servers: [server],
      },
    },
    waivers: Object.entries(waivers).map(([object, reason]): Waiver => ({
      rule: '*',
      pattern: literalPattern(object),
      reason,
    })),
  }
}

function hostOf({ hosts }: MigrationPlanV1, role: HostRole): PlanHost {
  const { name, ...host } = hosts[role]
  return { ...host, role, ...(name === role ? {} : { label: name }) }
}

function siteOf({ application }: MigrationPlanV1, role: Exclude<HostRole, 'entry'>): Site {
  const { filesDirectory: _, ...site } = application.sites[role]
  return { host: role, ...site }
}

/** Uploads that were named for one side alone lie at the same place on the others: leaving them out would lose them. */
function filesOf({ application }: MigrationPlanV1): Readonly<Record<string, Dataset>> {
  const { source, staging, target } = application.sites
  const known = source.filesDirectory ?? target.filesDirectory
  if (known === undefined) return {}
  const place = (host: 'source' | 'staging' | 'target', path = known) => ({ host, path })
  return {
    [upgradedNames.files]: {
      family: 'files',
      source: place('source', source.filesDirectory),
      staging: place('staging', staging.filesDirectory),
      target: place('target', target.filesDirectory),
    },
  }
}

/** In version 1 a name was a name: one with a `*` outside quotes was no object's, and must not become a pattern. */
function literalPattern(object: string): string {
  return object.replace(/"(?:[^"]|"")*"/g, '').includes('*') ? `"${object}"` : object
}

const pathsInV1: readonly (readonly [pattern: RegExp, replacement: string])[] = [
  [/^datasets\.database\./, 'databases.'],
  [/^datasets\.files\.(\w+)(\.path)?$/, 'application.sites.$1.filesDirectory'],
  [/^applications\.application\.sites\.(\w+)\.0/, 'application.sites.$1'],
  [/^applications\.application\b/, 'application'],
  [/^endpoints\.http\.servers/, 'endpoints.http.server'],
]

/** The path of a problem in the words of the version a plan was handed in. */
export function pathAsGiven(path: string, { version }: Pick<GivenPlan, 'version'>): string {
  if (version === 2) return path
  const [pattern, replacement] = pathsInV1.find(([known]) => known.test(path)) ?? []
  return pattern === undefined || replacement === undefined ? path : path.replace(pattern, replacement)
}
