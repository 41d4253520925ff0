import type { HostKeys } from '../domain/plan/host-key.ts'
import { allEndpointsOf, endpointsOf, type SideRole, sitesOf } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { assertEntryReady } from '../runner/entry/look.ts'
import { assertQuickSudo } from '../runner/entry/quick-sudo.ts'
import { siteVariable } from '../runner/run/site-variable.ts'
import type { PlanPlaces } from './plan-places.ts'

/**
 * Looks at the proxies of a plan, and at sudo where a switch needs it, long before they are switched, as the switch will look at them.
 * @throws SlowSudoError; EntryNotReadyError of the first that is not ready
 */
export async function assertEntriesReady(
  places: PlanPlaces,
  plan: MigrationPlan,
  hostKeys: HostKeys,
): Promise<void> {
  const hosts = [
    ...sitesOf(plan, 'source').map(({ host }) => host),
    ...sitesOf(plan, 'target').map(({ host }) => host),
    ...allEndpointsOf(plan).flatMap((endpoint) => (endpoint.kind === 'none' ? [] : [endpoint.host])),
  ]
  await assertQuickSudo(
    hosts.map((name) => ({ name, host: places.host(plan, name, hostKeys) })),
    plan.waivers,
  )
  for (const { url, host, fronts, service, configFile } of endpointsOf(plan, 'http')) {
    const sitesOn = (role: SideRole) =>
      sitesOf(plan, role)
        .filter(({ application }) => application === fronts)
        .map(siteVariable)
    const portsOn = (role: SideRole) => sitesOn(role).map(({ port }) => port)
    const behind = [...sitesOn('source'), ...sitesOn('target')].map(({ address, port, host: name }) => ({
      address,
      port,
      host: places.host(plan, name, hostKeys),
    }))
    const ports = { present: portsOn('source'), next: portsOn('target') }
    const entry = { url, entryName: host, entry: places.host(plan, host, hostKeys), behind, ports }
    await assertEntryReady({ ...entry, proxy: { service, configFile } }, plan.waivers)
  }
}
