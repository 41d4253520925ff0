import type { EndpointOf } from './endpoint.ts'
import { hostOf, type SideRole, sideRoles, sitesOf } from './places.ts'
import type { MigrationPlan } from './plan.ts'

/** A host on which an application of the plan runs. */
export interface ClientHost {
  readonly host: string
  readonly side: SideRole
  readonly address: string
}

/** The hosts of the plan's applications, each once. */
export function clientHostsOf(plan: Pick<MigrationPlan, 'hosts' | 'applications'>): readonly ClientHost[] {
  return sideRoles.flatMap((side) =>
    [...new Set(sitesOf(plan, side).map(({ host }) => host))].map((host) => ({
      host,
      side,
      address: hostOf(plan, host).address,
    })),
  )
}

/** Where clients of the server's own host come from, as the server sees it: a socket file has no address. */
const onTheServer = ['local', '127.0.0.1', '::1'] as const

/** Every address from which a database that has nothing in front of it expects the plan's applications. */
export function clientAddressesOf(
  plan: Pick<MigrationPlan, 'hosts' | 'applications' | 'datasets'>,
  { clients, fronts }: Pick<EndpointOf<'none'>, 'clients' | 'fronts'>,
): readonly string[] {
  const hosts = clientHostsOf(plan)
  const dataset = Object.hasOwn(plan.datasets, fronts) ? plan.datasets[fronts] : undefined
  const isOnTheServer = hosts.some(({ side, host }) => dataset?.[side].host === host)
  return [
    ...new Set([...clients, ...hosts.map(({ address }) => address), ...(isOnTheServer ? onTheServer : [])]),
  ]
}
