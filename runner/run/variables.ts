import { bandwidthOf } from '../../domain/plan/bandwidth.ts'
import { clientAddressesOf, clientHostsOf } from '../../domain/plan/client-hosts.ts'
import { databaseEndpointKinds, type Endpoint } from '../../domain/plan/endpoint.ts'
import {
  allEndpointsOf,
  applicationsOf,
  datasetsOf,
  hostLabel,
  hostsOf,
  type Named,
  sitesOf,
} from '../../domain/plan/places.ts'
import type { Place, PlanHost } from '../../domain/plan/plan.ts'
import type { RunRequest } from '../../domain/plan/run-request.ts'
import type { JournalEntry } from '../../domain/playbook/step-journal.ts'
import type { Variables } from '../language/expression.ts'
import type { Bindings, BoundSide } from './bindings.ts'
import type { InputValue } from './inputs.ts'
import { siteVariable } from './site-variable.ts'
import { variablesOfOne } from './variables-of-one.ts'

/** The variables of a playbook's expressions. They contain names of secrets, never values. */
export function runVariables(
  request: RunRequest,
  bindings: Bindings,
  inputs: Readonly<Record<string, InputValue>>,
  journal: readonly JournalEntry[],
): Variables {
  const { plan } = request
  const names = bindings.hostNames()
  const sides = names.flatMap((name) => {
    const side = bindings.side(name)
    return side === undefined ? [] : [[name, side] as const]
  })
  const endpoints = allEndpointsOf(plan)
  const taken = asKindsTakeThem(plan, sides)
  const datasets = datasetsOf(plan).map((dataset) => ({
    ...bySide(sides, ({ role }) => placeVariable(dataset[role])),
    name: dataset.name,
    family: dataset.family,
    ...endpointOf(dataset.name, endpoints, taken),
  }))
  const applications = applicationsOf(plan).map(({ name, healthPath }) => ({
    ...bySide(sides, ({ role, host }) => ({
      sites: sitesOf(plan, role, host)
        .filter(({ application }) => application === name)
        .map(siteVariable),
    })),
    name,
    healthPath,
  }))
  return {
    inputs,
    hosts: Object.fromEntries(
      names.flatMap((name) => {
        const [host, ...others] = bindings.hosts(name)
        return host === undefined || others.length > 0 ? [] : [[name, hostVariable(host)]]
      }),
    ),
    sides: bySide(sides, ({ role, host }, name) => ({
      hosts: bindings.hosts(name).map((one) => ({ ...hostVariable(one), name: one.name })),
      sites: sitesOf(plan, role, host).map(siteVariable),
    })),
    datasets: byName(datasets),
    applications: byName(applications),
    plan: {
      hosts: hostsOf(plan).map((host) => ({ ...hostVariable(host), name: host.name })),
      datasets,
      applications,
      endpoints,
    },
    ...variablesOfOne(plan, bindings, sides),
    endpoints: { ...endpointsOfOne(endpoints, taken), ...byName(endpoints, taken) },
    waivers: plan.waivers,
    policy: {
      loadTest: plan.policy.loadTest,
      gates: plan.policy.gates,
      bandwidth: bandwidthOf(plan.policy),
    },
    steps: Object.fromEntries(journal.map((entry) => [entry.stepId, stepVariable(entry)])),
    facts: {},
    each: {},
    system: request.system,
    migration: request.migration,
  }
}

type NamedSides = readonly (readonly [name: string, side: BoundSide])[]

function bySide(sides: NamedSides, of: (side: BoundSide, name: string) => unknown): Record<string, unknown> {
  return Object.fromEntries(sides.map(([name, side]) => [name, of(side, name)]))
}

function byName<T extends { readonly name: string }>(
  parts: readonly T[],
  of: (part: T) => unknown = (part) => part,
): Record<string, unknown> {
  return Object.fromEntries(parts.map((part) => [part.name, of(part)]))
}

function hostVariable(host: Named<PlanHost>) {
  const { role, address, port, user, zone, serviceDir } = host
  return { role, name: hostLabel(host), address, port, user, zone, serviceDir: serviceDir ?? '' }
}

/** A place without the administrator's secret, which playbooks must not see. */
function placeVariable({ adminSecret: _, ...place }: Place): unknown {
  return place
}

/** The endpoint that stands in front of a dataset, if one does. */
function endpointOf(
  dataset: string,
  endpoints: readonly Named<Endpoint>[],
  taken: (endpoint: Named<Endpoint>) => unknown,
): { readonly endpoint?: unknown } {
  const found = endpoints.find(
    ({ fronts, kind }) => fronts === dataset && databaseEndpointKinds.some((one) => one === kind),
  )
  return found === undefined ? {} : { endpoint: taken(found) }
}

/** The only endpoint of its sort, under the names `http` and `database`. */
function endpointsOfOne(
  endpoints: readonly Named<Endpoint>[],
  taken: (endpoint: Named<Endpoint>) => unknown,
): Record<string, unknown> {
  const only = (...kinds: readonly Endpoint['kind'][]) => {
    const found = endpoints.filter(({ kind }) => kinds.includes(kind))
    return found.length === 1 ? found : []
  }
  return Object.fromEntries([
    ...only(...databaseEndpointKinds).map((endpoint): [string, unknown] => ['database', taken(endpoint)]),
    ...only('http').map((endpoint): [string, unknown] => ['http', taken(endpoint)]),
  ])
}

/** An endpoint as expressions see it; that of a database has the shape of a step parameter. */
function asKindsTakeThem(
  plan: RunRequest['plan'],
  sides: NamedSides,
): (endpoint: Named<Endpoint>) => unknown {
  return (endpoint) => {
    switch (endpoint.kind) {
      case 'http':
        return { ...endpoint, server: endpoint.servers[0] ?? '' }
      case 'pgbouncer': {
        const { fronts: _fronts, name: _name, ...entry } = endpoint
        return entry
      }
      case 'none': {
        const clients = clientHostsOf(plan)
        return {
          kind: endpoint.kind,
          clients: clientAddressesOf(plan, endpoint),
          hosts: bySide(sides, ({ role, host: only }) =>
            clients
              .filter(({ side, host }) => side === role && (only === undefined || host === only))
              .map(({ host }) => host),
          ),
        }
      }
    }
  }
}

function stepVariable(entry: JournalEntry): unknown {
  return { status: entry.status, result: entry.result ?? {} }
}
