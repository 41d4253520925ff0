import type { KnownFamilies } from '../domain/plan/known-family.ts'
import { filesInPlan } from './files/place.ts'
import { postgresqlInPlan } from './postgresql/place.ts'

/** The families a plan may name. */
export const familiesInPlans: KnownFamilies = { postgresql: postgresqlInPlan, files: filesInPlan }
