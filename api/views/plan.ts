import type { StoredPlan } from '../../storage/plans.ts'
import type { PlanSummary, PlanView } from '../contract.ts'

export function planView(plan: StoredPlan): PlanView {
  return { ...planSummary(plan), content: plan.content }
}

export function planSummary(plan: StoredPlan): PlanSummary {
  const { content, digest, createdBy, createdAtMs } = plan
  return {
    plan: content.plan,
    system: content.system,
    profile: content.policy.profile,
    digest,
    createdBy,
    createdAtMs,
  }
}
