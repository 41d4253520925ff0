import type { Migration } from '../../domain/move/migration.ts'
import type { WithStores } from '../context.ts'
import type { SystemView } from '../contract.ts'
import { systemView } from './move.ts'
import { organisationSeenBy, sees, seesSystem, type Viewer } from '../use-cases/visibility.ts'

/** The ledger as the caller may see it, each entry with the state its plans and moves put it in. */
export async function systemViews(
  { stores }: WithStores<'systems' | 'plans' | 'migrations'>,
  viewer: Viewer,
): Promise<SystemView[]> {
  const organisation = organisationSeenBy(viewer)
  const [systems, owners, plans, moves] = await Promise.all([
    stores.systems.list(),
    stores.systems.owners(),
    stores.plans.list(organisation),
    stores.migrations.list(organisation),
  ])
  const newest = new Map<string, Migration>()
  for (const move of moves.filter(({ plan }) => sees(viewer, plan.organisations))) {
    if (!newest.has(move.plan.system)) newest.set(move.plan.system, move)
  }
  const planned = new Set(plans.map(({ content }) => content.system))
  const involved = new Set([...planned, ...newest.keys()])
  return systems
    .filter((system) => seesSystem(viewer, { system, row: owners.get(system.system) }, involved))
    .map((system) => systemView(system, newest.get(system.system), planned.has(system.system)))
}
