import type { HostRole } from '../domain/host.ts'
import { pinnedKey } from '../domain/plan/host-key.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { PostgresDatabase } from '../families/postgresql/database.ts'
import type { HostPool } from '../runner/ssh/pool.ts'
import type { DatabasePort, HostPort } from '../runner/steps/kind.ts'

/** Where secret values come from. */
export interface SecretReader {
  read(name: string): Promise<string>
}

export type HostKeys = Readonly<Partial<Record<HostRole, string>>>

/** The hosts and databases a plan names, reached from the runner's own place. */
export class PlanPlaces {
  constructor(
    private readonly hostPool: HostPool,
    private readonly secrets: SecretReader,
  ) {}

  host(plan: MigrationPlan, role: HostRole, hostKeys: HostKeys): HostPort {
    const { name, address, port, user, keySecret, serviceDir } = plan.hosts[role]
    return this.hostPool.host({
      name,
      address,
      port,
      user,
      hostKey: pinnedKey({ plan, hostKeys }, role),
      serviceDir,
      privateKey: async () => `${await this.secrets.read(keySecret)}\n`,
    })
  }

  database(plan: MigrationPlan, role: 'source' | 'staging' | 'target'): DatabasePort {
    return new PostgresDatabase(role, plan.databases[role], (secret) => this.secrets.read(secret))
  }
}
