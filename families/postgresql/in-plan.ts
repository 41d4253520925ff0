import type { DatabaseRef } from '../../domain/host.ts'
import { datasetsOf, type SideRole } from '../../domain/plan/places.ts'
import type { MigrationPlan } from '../../domain/plan/plan.ts'

/** The database of a plan on one side. @throws TypeError where it has not exactly one, which its rules rule out */
export function databaseOf(plan: Pick<MigrationPlan, 'datasets'>, role: SideRole): DatabaseRef {
  const [database, ...others] = datasetsOf(plan, 'postgresql')
  if (database === undefined || others.length > 0)
    throw new TypeError(
      `The plan has ${String(others.length + (database ? 1 : 0))} databases, expected is one.`,
    )
  // Its family has read the place as the plan was taken.
  return database[role] as DatabaseRef
}
