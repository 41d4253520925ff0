import type { HostKeys } from '../domain/plan/host-key.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { DatasetSides } from '../families/both-sides.ts'
import { sidesOf } from '../domain/move/workflow-end.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { PlanPlaces } from './plan-places.ts'

/** What was found of each dataset as one: which sides serve them, and the switch of all. */
function together(looks: readonly ({ readonly name: string } & DatasetSides)[]): DatasetSides {
  const [only, ...others] = looks
  if (only !== undefined && others.length === 0) {
    const { name: _, ...found } = only
    return found
  }
  const switched = looks.flatMap((one) => (one.switched ? [[one.name, one.switched] as const] : []))
  return {
    ...sidesOf(looks),
    ...(switched.length > 0 && { switched: { datasets: Object.fromEntries(switched) } }),
    ...(looks.some(({ unsettled }) => unsettled) && { unsettled: true }),
  }
}

/** What asks the sides of a move which of them serves. */
export function createSidesActivities({ places }: { readonly places: PlanPlaces }) {
  return explained({
    /** Asks both sides of each dataset of the plan that serves by itself which of them is open. */
    async lookAtSides({
      plan,
      hostKeys,
    }: {
      readonly plan: MigrationPlan
      readonly hostKeys?: HostKeys
    }): Promise<DatasetSides> {
      return withHeartbeat(5_000, async () => {
        const looks = await Promise.all(
          (await places.datasets(plan, hostKeys)).map(async ({ name, family, side }) => {
            const found = await family.bothSides?.look(side('source'), side('target'))
            return found === undefined ? [] : [{ name, ...found }]
          }),
        )
        return together(looks.flat())
      })
    },
  })
}
