import { type HostRole, hostRoles } from '../host-role.ts'
import type { Endpoint, EndpointKind, EndpointOf } from './endpoint.ts'
import type { JumpHost } from '../host.ts'
import type { Application, Dataset, MigrationPlan, PlanHost, Site } from './plan.ts'

/** Where data and applications lie: every role but the entry's. */
export const sideRoles = ['source', 'staging', 'target'] as const
export type SideRole = (typeof sideRoles)[number]

export type Named<T> = T & { readonly name: string }
type Part<K extends keyof MigrationPlan> = Pick<MigrationPlan, K>

/** Parts by name, in the order of their names: the same whatever order they were written or stored in. */
function named<T extends object>(parts: Readonly<Record<string, T>>): readonly Named<T>[] {
  return Object.keys(parts)
    .sort()
    .flatMap((name) => {
      const part = parts[name]
      return part === undefined ? [] : [{ ...part, name }]
    })
}

export function isHostRole(text: string): text is HostRole {
  return hostRoles.some((role) => role === text)
}

/** Every host of the plan, or those of a role. */
export function hostsOf({ hosts }: Part<'hosts'>, role?: HostRole): readonly Named<PlanHost>[] {
  return named(hosts).filter((host) => role === undefined || host.role === role)
}

/** The hosts a role or a host's name stands for; none when it is neither. */
export function hostsNamed(plan: Part<'hosts'>, roleOrName: string): readonly Named<PlanHost>[] {
  if (isHostRole(roleOrName)) return hostsOf(plan, roleOrName)
  return hostsOf(plan).filter(({ name }) => name === roleOrName)
}

/** A host by its name. @throws TypeError for a name the plan does not have, which its references rule out */
export function hostOf({ hosts }: Part<'hosts'>, name: string): Named<PlanHost> {
  const host = Object.hasOwn(hosts, name) ? hosts[name] : undefined
  if (host === undefined) throw new TypeError(`The plan has no host "${name}". Name one of its hosts.`)
  return { ...host, name }
}

/** Every jump host of the plan. */
export function jumpHostsOf({ jumpHosts = {} }: Part<'jumpHosts'>): readonly Named<JumpHost>[] {
  return named(jumpHosts)
}

/** The jump hosts on the way to a host, the one that is logged in to first before the others. @throws TypeError for a name the plan does not have */
export function jumpsTo(
  { jumpHosts = {} }: Part<'jumpHosts'>,
  { via }: Pick<PlanHost, 'via'>,
): readonly Named<JumpHost>[] {
  if (via === undefined) return []
  const jump = Object.hasOwn(jumpHosts, via) ? jumpHosts[via] : undefined
  if (jump === undefined) throw new TypeError(`The plan has no jump host "${via}".`)
  return [...jumpsTo({ jumpHosts }, jump), { ...jump, name: via }]
}

/** What people call a host. */
export function hostLabel({ name, label }: Named<PlanHost>): string {
  return label ?? name
}

/** The network zone of a role's hosts. They share one: a runner looks at all of them. */
export function zoneOf(plan: Part<'hosts'>, role: HostRole): string {
  return hostsOf(plan, role)[0]?.zone ?? 'default'
}

/** The network zones that the hosts of the plan stand in. */
export function zonesOf({ hosts }: Part<'hosts'>): readonly string[] {
  return [...new Set(Object.values(hosts).map(({ zone }) => zone))]
}

/** Every dataset of the plan, or those of a family. */
export function datasetsOf({ datasets }: Part<'datasets'>, family?: string): readonly Named<Dataset>[] {
  return named(datasets).filter((dataset) => family === undefined || dataset.family === family)
}

export function applicationsOf({ applications }: Part<'applications'>): readonly Named<Application>[] {
  return named(applications)
}

/** A site, with the application it is of and what it is called among the sites of its side. */
export type SiteOfApplication = Named<Site> & { readonly application: string; readonly healthPath: string }

/** The sites of all applications on one side; those on one host where one is named. */
export function sitesOf(
  plan: Part<'applications'>,
  role: SideRole,
  host?: string,
): readonly SiteOfApplication[] {
  return applicationsOf(plan).flatMap(({ name: application, healthPath, sites }) =>
    sites[role]
      .map((site) => ({
        ...site,
        application,
        healthPath,
        name: sites[role].length === 1 ? application : `${application}-${site.host}`,
      }))
      .filter((site) => host === undefined || site.host === host),
  )
}

/** Every endpoint of the plan. */
export function allEndpointsOf({ endpoints }: Part<'endpoints'>): readonly Named<Endpoint>[] {
  return named(endpoints)
}

/** Every endpoint of a kind. */
export function endpointsOf<K extends EndpointKind>(
  plan: Part<'endpoints'>,
  kind: K,
): readonly Named<EndpointOf<K>>[] {
  return allEndpointsOf(plan).filter((endpoint): endpoint is Named<EndpointOf<K>> => endpoint.kind === kind)
}
