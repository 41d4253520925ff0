import type { MigrationPlan } from '../../domain/plan/plan.ts'
import { upgradePlan } from '../../domain/plan/upgrade.ts'
import { samplePlanV1 } from './plan-v1.ts'

/** A plan that is right in itself; no host of it is ever asked. Its hosts are named after their roles. */
export function samplePlan(policy: Partial<MigrationPlan['policy']> = {}): MigrationPlan {
  return upgradePlan(samplePlanV1(policy))
}
