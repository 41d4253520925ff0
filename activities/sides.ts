import type { SideLook } from '../domain/move/workflow-end.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { lookAtBothSides } from '../families/postgresql/replication/old-side.ts'
import { switchOnRecord } from '../families/postgresql/switchover/on-record.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { PlanPlaces } from './plan-places.ts'

/** What asks the sides of a move which of them serves. */
export function createSidesActivities({ places }: { readonly places: PlanPlaces }) {
  return explained({
    /** Asks the servers of both sides whether theirs is open. */
    async lookAtSides(input: { readonly plan: MigrationPlan }): Promise<{
      readonly old: SideLook
      readonly new: SideLook
      /** What the servers have on record of the switch that opened the new side. */
      readonly switched?: Readonly<Record<string, unknown>>
    }> {
      return withHeartbeat(5_000, async () => {
        const ports = [places.database(input.plan, 'source'), places.database(input.plan, 'target')] as const
        const found = await lookAtBothSides(...ports)
        if (found.new !== 'open') return found
        // Without its figures a switch is still one.
        const switched = await switchOnRecord(...ports).catch(() => undefined)
        return { ...found, ...(switched && { switched: { ...switched } }) }
      })
    },
  })
}
