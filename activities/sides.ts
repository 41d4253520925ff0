import type { HostKeys } from '../domain/plan/host-key.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { DatasetSides } from '../families/both-sides.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { PlanPlaces } from './plan-places.ts'

/** What asks the sides of a move which of them serves. */
export function createSidesActivities({ places }: { readonly places: PlanPlaces }) {
  return explained({
    /** Asks both sides of the plan's dataset that serves by itself which of them is open. */
    async lookAtSides({
      plan,
      hostKeys,
    }: {
      readonly plan: MigrationPlan
      readonly hostKeys?: HostKeys
    }): Promise<DatasetSides> {
      return withHeartbeat(5_000, async () => {
        for (const { family, side } of await places.datasets(plan, hostKeys)) {
          const found = await family.bothSides?.look(side('source'), side('target'))
          if (found !== undefined) return found
        }
        return { old: 'never-switched', new: 'never-switched' }
      })
    },
  })
}
