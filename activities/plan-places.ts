import { type HostKeys, pinnedKey } from '../domain/plan/host-key.ts'
import { datasetsOf, hostLabel, hostOf, type SideRole } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { AnyFamily } from '../families/family.ts'
import { loadFamily } from '../families/index.ts'
import { databaseOf } from '../families/postgresql/in-plan.ts'
import { type DatabasePort, PostgresDatabase } from '../families/postgresql/database.ts'
import type { HostPool } from '../runner/ssh/pool.ts'
import type { HostPort } from '../runner/steps/kind.ts'

/** Where secret values come from. */
export interface SecretReader {
  read(name: string): Promise<string>
}

/** A dataset of a plan, its sides opened by its family as they are asked for. */
export interface PlannedHandles {
  readonly name: string
  readonly family: AnyFamily
  readonly side: (role: SideRole) => unknown
}

/** The hosts and databases a plan names, reached from the runner's own place. */
export class PlanPlaces {
  constructor(
    private readonly hostPool: HostPool,
    private readonly secrets: SecretReader,
  ) {}

  /** By the host's name in the plan. */
  host(plan: MigrationPlan, name: string, hostKeys: HostKeys): HostPort {
    const host = hostOf(plan, name)
    const { address, port, user, keySecret, serviceDir } = host
    return this.hostPool.host({
      name: hostLabel(host),
      address,
      port,
      user,
      hostKey: pinnedKey({ plan, hostKeys }, name),
      serviceDir,
      privateKey: async () => `${await this.secrets.read(keySecret)}\n`,
    })
  }

  /** Every dataset of the plan. `hostKeys` are wanted for those that are reached through their hosts. */
  async datasets(plan: MigrationPlan, hostKeys: HostKeys = {}): Promise<readonly PlannedHandles[]> {
    return Promise.all(
      datasetsOf(plan).map(async (dataset) => {
        const family = await loadFamily(dataset.family)
        const side: PlannedHandles['side'] = (role) =>
          family.open(dataset[role], {
            called: role,
            host: (name) => this.host(plan, name, hostKeys),
            secret: async (name) => this.secrets.read(name),
          })
        return { name: dataset.name, family, side }
      }),
    )
  }

  database(plan: MigrationPlan, role: SideRole): DatabasePort {
    return new PostgresDatabase(role, databaseOf(plan, role), (secret) => this.secrets.read(secret))
  }
}
