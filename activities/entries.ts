import type { HostKeys } from '../domain/plan/host-key.ts'
import { endpointsOf, sitesOf } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { assertEntryReady } from '../runner/entry/look.ts'
import { siteVariable } from '../runner/run/site-variable.ts'
import type { PlanPlaces } from './plan-places.ts'

/**
 * Looks at the proxies of a plan long before they are switched, as the switch will look at them.
 * @throws EntryNotReadyError of the first that is not ready
 */
export async function assertEntriesReady(
  places: PlanPlaces,
  plan: MigrationPlan,
  hostKeys: HostKeys,
): Promise<void> {
  for (const { url, host, fronts } of endpointsOf(plan, 'http')) {
    const behind = (['source', 'target'] as const)
      .flatMap((role) => sitesOf(plan, role))
      .filter(({ application }) => application === fronts)
      .map(siteVariable)
      .map(({ address, port, host: name }) => ({ address, port, host: places.host(plan, name, hostKeys) }))
    await assertEntryReady({ url, entry: places.host(plan, host, hostKeys), behind }, plan.waivers)
  }
}
