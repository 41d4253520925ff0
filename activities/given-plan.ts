import type { GivenPlan } from '../domain/plan/plan.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'

type Activities = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

interface CarriesPlan {
  readonly plan?: GivenPlan
  /** What hosts were asked for by, before they had names of their own; an upgraded plan's are named after it. */
  readonly roles?: readonly string[]
  readonly request?: { readonly plan: GivenPlan }
}

/**
 * The same activities, with the plan in what they are given read as one of today: what was scheduled before this code came
 * carries the plan in the version it had then.
 */
export function readingPlans<A extends Activities>(activities: A): A {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    async (...args: never[]) => run(...(args.map(withPlan) as never[])),
  ])
  return Object.fromEntries(wrapped) as A
}

function withPlan(input: unknown): unknown {
  if (typeof input !== 'object' || input === null) return input
  const { plan, roles, request } = input as CarriesPlan
  return {
    ...input,
    ...(plan === undefined ? {} : { plan: upgradePlan(plan) }),
    ...(roles === undefined ? {} : { hosts: roles }),
    ...(request === undefined ? {} : { request: { ...request, plan: upgradePlan(request.plan) } }),
  }
}
