import type { MigrationPlan } from '../../domain/plan/plan.ts'
import type { SidesLook } from '../../domain/move/workflow-end.ts'

/** The workflow's name, for clients that start it without importing it. */
export const sidesWorkflow = 'sides'

export interface SidesInput {
  readonly plan: MigrationPlan
}

/** What stands on record on the servers of both sides. */
export interface SidesFound extends SidesLook {
  /** What they have on record of the switch that opened the new side. */
  readonly switched?: Readonly<Record<string, unknown>>
  /** A switch was cut off, and nobody has on record that clients are led to the side that serves. */
  readonly unsettled?: true
}
