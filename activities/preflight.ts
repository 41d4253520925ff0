import type { HostRole } from '../domain/host.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { HostKeys, PlanPlaces } from './plan-places.ts'

/** What sees whether hosts and databases let us in. */
export function createPreflightActivities({ places }: { readonly places: PlanPlaces }) {
  return explained({
    /**
     * Logs in once: to hosts by their pinned keys and, with the target's, to the databases as their administrators, as
     * steps between databases are carried out from there.
     */
    async preflight(input: {
      readonly plan: MigrationPlan
      readonly hostKeys: HostKeys
      readonly roles: readonly HostRole[]
    }): Promise<void> {
      const { plan, hostKeys, roles } = input
      await withHeartbeat(5_000, async () => {
        for (const role of roles) await places.host(plan, role, hostKeys).run('true')
        if (!roles.includes('target')) return
        for (const role of ['source', 'staging', 'target'] as const) {
          const client = await places.database(plan, role).connect({ database: 'postgres' })
          await client.end()
        }
      })
    },
  })
}
