import { addressOf } from '../secret-use.ts'
import { allEndpointsOf, applicationsOf, datasetsOf, hostsOf, jumpHostsOf, sideRoles } from './places.ts'
import type { PlacedPlan } from './place-conflicts.ts'

/** A place a plan's move connects to: `address:port`, or a URL. */
export interface PlanAddress {
  readonly path: string
  readonly address: string
}

/** Every place a plan's move connects to. */
export function addressesOf(plan: PlacedPlan): readonly PlanAddress[] {
  return [
    ...hostsOf(plan).map((host) => ({ path: `hosts.${host.name}.address`, address: addressOf(host) })),
    ...jumpHostsOf(plan).map((jump) => ({
      path: `jumpHosts.${jump.name}.address`,
      address: addressOf(jump),
    })),
    ...datasetsOf(plan).flatMap((dataset) =>
      sideRoles.flatMap((role) => {
        const { port } = dataset[role]
        if (typeof port !== 'number') return []
        return (['address', 'replicationAddress'] as const).flatMap((field) => {
          const address = dataset[role][field]
          return typeof address === 'string'
            ? [{ path: `datasets.${dataset.name}.${role}.${field}`, address: addressOf({ address, port }) }]
            : []
        })
      }),
    ),
    ...allEndpointsOf(plan).flatMap((endpoint) => {
      switch (endpoint.kind) {
        case 'http':
          return [{ path: `endpoints.${endpoint.name}.url`, address: endpoint.url }]
        case 'pgbouncer':
          return [{ path: `endpoints.${endpoint.name}.address`, address: addressOf(endpoint) }]
        case 'none':
          return []
      }
    }),
    ...applicationsOf(plan).flatMap(({ name, sites }) =>
      sideRoles.flatMap((role) =>
        sites[role].map(({ url }, at) => ({
          path: `applications.${name}.sites.${role}.${String(at)}.url`,
          address: url,
        })),
      ),
    ),
  ]
}
