import type { HostKeys } from '../domain/plan/host-key.ts'
import { hostOf, sideRoles } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { prepareWrite } from '../runner/http/write-probe.ts'
import { assertEntriesReady } from './entries.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { PlanPlaces } from './plan-places.ts'
import { assertAlikeHosts } from './unlike-hosts.ts'

/** What sees whether hosts and datasets let us in. */
export function createPreflightActivities({ places }: { readonly places: PlanPlaces }) {
  return explained({
    /**
     * Logs in once: to hosts by their pinned keys and, with the target's, to where the datasets are or are to be, as steps
     * between datasets are carried out from there; and refuses what would stand against a switch, applications that would
     * find another time zone or locale on their new hosts, entries whose switch users would not follow, and write probes that are
     * not let in.
     */
    async preflight(input: {
      readonly plan: MigrationPlan
      readonly hostKeys: HostKeys
      readonly hosts: readonly string[]
    }): Promise<void> {
      const { plan, hostKeys, hosts } = input
      await withHeartbeat(5_000, async () => {
        for (const name of hosts) await places.host(plan, name, hostKeys).run('true')
        const roles = new Set(hosts.map((name) => hostOf(plan, name).role))
        // From the zone that switches them, and makes the write, later.
        if (roles.has('entry')) {
          await assertEntriesReady(places, plan, hostKeys)
          await Promise.all(places.writeProbes(plan).map(prepareWrite))
        }
        if (!roles.has('target')) return
        for (const { name, family, side } of await places.datasets(plan, hostKeys)) {
          for (const role of sideRoles) await family.reach(side(role))
          const inFront = places.inFront(plan, hostKeys, name)
          await family.preflight?.(side('source'), {
            target: side('target'),
            waivers: plan.waivers,
            inFront,
          })
        }
        await assertAlikeHosts(places, plan, hostKeys)
      })
    },
  })
}
