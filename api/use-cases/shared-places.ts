import { type InputProblem, problemAt } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'
import { conflictsBetween, type PlacedPlan } from '../../domain/plan/place-conflicts.ts'
import type { StoredPlan } from '../../storage/plans.ts'
import type { WithStores } from '../context.ts'
import type { PlanView } from '../contract.ts'
import { sees, type Viewer } from './visibility.ts'

type Placed = PlacedPlan & { readonly system: string }

/** What another system's move is working on; empty when the plan has its places for itself. A move of others is not named. */
export async function placeProblems(
  context: WithStores<'launches'>,
  viewer: Viewer,
  plan: Placed,
): Promise<readonly InputProblem[]> {
  const moves = await context.stores.launches.underWay(plan.system)
  return moves.flatMap(({ migration, content }) => {
    const isNamed = sees(viewer, content.organisations)
    return conflictsBetween(plan, content).map(({ path, otherPath, is }) =>
      problemAt(
        path,
        isNamed
          ? said('plan-place-taken', { is, migration, plan: content.plan, path: otherPath })
          : said('plan-place-of-others', { is }),
      ),
    )
  })
}

/**
 * The plans of other systems that name a place of this one, the newest of each system: only one of them can be under way at a
 * time. It is no refusal, since a plan that was only made may never be launched. Plans of others are not named.
 */
export async function sharedPlaces(
  context: WithStores<'plans'>,
  viewer: Viewer,
  plan: Placed,
): Promise<NonNullable<PlanView['sharedWith']>> {
  const newest = new Map<string, StoredPlan>()
  for (const each of await context.stores.plans.list()) {
    const known = newest.get(each.content.system)
    if (known === undefined || known.createdAtMs < each.createdAtMs) newest.set(each.content.system, each)
  }
  newest.delete(plan.system)
  const named = [...newest.values()].filter(({ content }) => sees(viewer, content.organisations))
  return named.flatMap(({ content }) =>
    conflictsBetween(plan, content).map(({ path, is }) => ({
      plan: content.plan,
      system: content.system,
      path,
      is,
    })),
  )
}
