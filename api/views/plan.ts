import { methodsOf } from '../../domain/plan/method.ts'
import { familiesInPlans } from '../../families/index.ts'
import type { StoredPlan } from '../../storage/plans.ts'
import type { WithStores } from '../context.ts'
import { sharedPlaces } from '../use-cases/shared-places.ts'
import type { Viewer } from '../use-cases/visibility.ts'
import type { PlanSummary, PlanView } from '../contract.ts'

export async function planView(
  context: WithStores<'plans'>,
  viewer: Viewer,
  plan: StoredPlan,
): Promise<PlanView> {
  const sharedWith = await sharedPlaces(context, viewer, plan.content)
  return {
    ...planSummary(plan),
    content: plan.content,
    methods: [...methodsOf(plan.content, familiesInPlans)],
    ...(sharedWith.length === 0 ? {} : { sharedWith }),
  }
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
