import { TrackedPlanError } from './tracked-plan-error.ts'
import { clientAddressesOf, clientHostsOf } from '../domain/plan/client-hosts.ts'
import { type HostKeys } from '../domain/plan/host-key.ts'
import { applicationsOf, datasetsOf, endpointsOf, type SideRole } from '../domain/plan/places.ts'
import { outageToSurviveMs } from '../domain/plan/policy.ts'
import { asksFor } from '../domain/plan/secret-uses.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { type SecretUse, toUrl } from '../domain/secret-use.ts'
import type { AnyFamily, EndpointInFront } from '../families/family.ts'
import { loadFamily } from '../families/index.ts'
import type { MoveWithSides } from '../families/way-back.ts'
import type { PublicWrite } from '../runner/http/write-probe.ts'
import type { SecretReader } from '../runner/secrets/bound-secrets.ts'
import type { SshTarget } from '../runner/ssh/connection.ts'
import { targetOf } from '../runner/ssh/plan-target.ts'
import type { HostPool } from '../runner/ssh/pool.ts'
import type { HostPort } from '../runner/steps/kind.ts'

const probeTimeoutMs = 5_000

/** A dataset of a plan, its sides opened by its family as they are asked for. */
export interface PlannedHandles {
  readonly name: string
  readonly family: AnyFamily
  readonly side: (role: SideRole) => unknown
}

/** The hosts and datasets a plan names, reached from the runner's own place. */
export class PlanPlaces {
  constructor(
    private readonly hostPool: HostPool,
    private readonly secrets: SecretReader,
  ) {}

  /** By the host's name in the plan. */
  host(plan: MigrationPlan, name: string, hostKeys: HostKeys): HostPort {
    return this.hostPool.host(this.target(plan, name, hostKeys))
  }

  /** The key that a host of the plan shows, for people to compare before it is trusted. Nobody logs in to it. */
  async hostKeyShown(plan: MigrationPlan, name: string): Promise<string> {
    return this.hostPool.hostKeyShown(this.target(plan, name, {}))
  }

  private target(plan: MigrationPlan, name: string, hostKeys: HostKeys): SshTarget {
    return targetOf({ plan, hostKeys }, name, async (secret, use) => this.secret(plan, secret, use))
  }

  /** Every dataset of the plan. `hostKeys` are required for those that are reached through their hosts. */
  async datasets(plan: MigrationPlan, hostKeys: HostKeys = {}): Promise<readonly PlannedHandles[]> {
    if (plan.tracked !== undefined) throw new TrackedPlanError(plan.system)
    return Promise.all(
      datasetsOf(plan).map(async (dataset) => {
        const family = await loadFamily(dataset.family)
        const side: PlannedHandles['side'] = (role) =>
          this.open(family, dataset[role], role, { plan, hostKeys })
        return { name: dataset.name, family, side }
      }),
    )
  }

  /** One side of a dataset of a move's plan, opened by its family. @throws TypeError for a name the plan does not have */
  opened(
    family: AnyFamily,
    { plan, hostKeys = {} }: MoveWithSides,
    dataset: string,
    role: SideRole,
  ): unknown {
    const found = datasetsOf(plan, family.name).find(({ name }) => name === dataset)
    if (found === undefined)
      throw new TypeError(
        `The plan has no dataset "${dataset}" of the family "${family.name}". Name one of its datasets.`,
      )
    return this.open(family, found[role], role, { plan, hostKeys })
  }

  /** The endpoints in front of a dataset. */
  inFront(plan: MigrationPlan, hostKeys: HostKeys, dataset: string): readonly EndpointInFront[] {
    return Object.values(plan.endpoints)
      .filter(({ fronts }) => fronts === dataset)
      .map((endpoint) => ({
        endpoint,
        host: (name) => this.host(plan, name, hostKeys),
        clients: {
          hosts: clientHostsOf(plan),
          addresses: endpoint.kind === 'none' ? clientAddressesOf(plan, endpoint) : [],
        },
        secret: async (name, use) => this.secret(plan, name, use),
      }))
  }

  /** The write of each application that has one, as it is made through its public address. */
  writeProbes(plan: MigrationPlan): readonly PublicWrite[] {
    return applicationsOf(plan).flatMap(({ name, writeProbe }) => {
      const endpoint = endpointsOf(plan, 'http').find(({ fronts }) => fronts === name)
      if (writeProbe === undefined || endpoint === undefined) return []
      const { url } = endpoint
      const readSecret = async (secret: string) => this.secret(plan, secret, toUrl(url))
      return [{ ...writeProbe, url, readSecret, timeoutMs: probeTimeoutMs }]
    })
  }

  private open(
    family: AnyFamily,
    place: unknown,
    role: SideRole,
    { plan, hostKeys }: { readonly plan: MigrationPlan; readonly hostKeys: HostKeys },
  ): unknown {
    return family.open(place, {
      called: role,
      host: (name) => this.host(plan, name, hostKeys),
      secret: async (name, use) => this.secret(plan, name, use),
      outageToSurviveMs: outageToSurviveMs(plan.policy),
    })
  }

  private async secret(plan: MigrationPlan, name: string, use: SecretUse): Promise<string> {
    return this.secrets.read(name, { ...use, ...asksFor(plan) })
  }
}
