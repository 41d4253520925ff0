import { type HostKeys, pinnedKey } from '../domain/plan/host-key.ts'
import { hostLabel, hostOf, type SideRole } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { databaseOf } from '../families/postgresql/in-plan.ts'
import { PostgresDatabase } from '../families/postgresql/database.ts'
import type { HostPool } from '../runner/ssh/pool.ts'
import type { DatabasePort, HostPort } from '../runner/steps/kind.ts'

/** Where secret values come from. */
export interface SecretReader {
  read(name: string): Promise<string>
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

  database(plan: MigrationPlan, role: SideRole): DatabasePort {
    return new PostgresDatabase(role, databaseOf(plan, role), (secret) => this.secrets.read(secret))
  }
}
