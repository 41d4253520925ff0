import {
  addressOf,
  type SecretFor,
  type SecretPurpose,
  type SecretUse,
  toUrl,
  useAddress,
} from '../secret-use.ts'
import {
  applicationsOf,
  datasetsOf,
  endpointsOf,
  hostsOf,
  jumpHostsOf,
  type Named,
  sideRoles,
  sitesOf,
} from './places.ts'
import type { PlacedPlan } from './place-conflicts.ts'
import type { Dataset, MigrationPlan } from './plan.ts'

/** For whom a plan's secrets are asked for. */
export function asksFor({
  plan,
  system,
  organisations,
}: Pick<MigrationPlan, 'plan' | 'system' | 'organisations'>): SecretFor {
  return { plan, system, organisations: Object.values(organisations) }
}

/** A use of a secret that a plan makes. */
export type NamedSecretUse = SecretUse & { readonly secret: string }

/**
 * Every use of a secret by a plan, each once: log-ins to its hosts, databases and poolers, files its applications read, and requests of
 * their write probes.
 */
export function secretUsesOf(plan: PlacedPlan): readonly NamedSecretUse[] {
  const hosts = [...hostsOf(plan), ...jumpHostsOf(plan)].map((host) =>
    use(host.keySecret, 'ssh-login', addressOf(host)),
  )
  const sudo = hostsOf(plan).flatMap(({ sudoSecret, address }) =>
    sudoSecret === undefined ? [] : [use(sudoSecret, 'sudo', useAddress(address))],
  )
  const datasets = datasetsOf(plan).flatMap((dataset) => usesOfDataset(plan, dataset))
  const poolers = endpointsOf(plan, 'pgbouncer').map((entry) =>
    use(entry.adminSecret, 'pooler', addressOf(entry)),
  )
  const all = [...hosts, ...sudo, ...datasets, ...poolers, ...usesOfProbes(plan)]
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()]
}

function usesOfProbes(plan: PlacedPlan): NamedSecretUse[] {
  return applicationsOf(plan).flatMap(({ name, writeProbe }) => {
    const endpoint = endpointsOf(plan, 'http').find(({ fronts }) => fronts === name)
    if (endpoint === undefined) return []
    return Object.values(writeProbe?.secrets ?? {}).map((secret) => ({ secret, ...toUrl(endpoint.url) }))
  })
}

function usesOfDataset(plan: PlacedPlan, dataset: Named<Dataset>): NamedSecretUse[] {
  return sideRoles.flatMap((role) => {
    const { address, port, replicationAddress, adminSecret, appSecret } = dataset[role]
    if (typeof address !== 'string' || typeof port !== 'number') return []
    const server = addressOf({ address, port })
    const replication =
      typeof replicationAddress === 'string' ? addressOf({ address: replicationAddress, port }) : server
    // A site whose host the plan lacks is refused where it is reached.
    const names = new Set(sitesOf(plan, role).map(({ host }) => host))
    const files = hostsOf(plan, role).flatMap((host) =>
      names.has(host.name) ? [useAddress(host.address)] : [],
    )
    return [
      ...(typeof adminSecret === 'string'
        ? [server, replication].map((at) => use(adminSecret, 'database-admin', at))
        : []),
      ...(typeof appSecret === 'string'
        ? [
            use(appSecret, 'database-application', server),
            ...files.map((at) => use(appSecret, 'host-file', at)),
          ]
        : []),
    ]
  })
}

function use(secret: string, purpose: SecretPurpose, address: string): NamedSecretUse {
  return { secret, purpose, address }
}
