import type { GivenPlan } from '../domain/plan/plan.ts'
import { addressesOf } from '../domain/plan/plan-addresses.ts'
import { upgradePlan } from '../domain/plan/upgrade.ts'
import { QianyunError } from '../domain/errors.ts'
import { asFailure } from './failure.ts'

type Activities = Readonly<Record<string, (...args: never[]) => Promise<unknown>>>

interface CarriesPlan {
  readonly plan?: GivenPlan
  /** What hosts were asked for by, before they had names of their own; an upgraded plan's are named after it. */
  readonly roles?: readonly string[]
  readonly request?: { readonly plan: GivenPlan }
}

/** The product's own places. */
export interface RefusesOwnPlaces {
  /** @throws when an address is the product's own */
  assertNone(address: string): Promise<void>
}

/**
 * The same activities, with the plan in what they are given read as one of today: what was scheduled before this code came
 * carries the plan in the version it had then. Nothing is begun by a plan one of whose places is the product's own: a name may lead
 * elsewhere today than when the plan was made.
 */
export function readingPlans<A extends Activities>(activities: A, ownPlaces: RefusesOwnPlaces): A {
  const wrapped = Object.entries(activities).map(([name, run]) => [
    name,
    async (...args: never[]) => {
      const read = args.map(withPlan)
      for (const input of read) await assertPlaces(input, ownPlaces)
      return run(...(read as never[]))
    },
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

async function assertPlaces(input: unknown, ownPlaces: RefusesOwnPlaces): Promise<void> {
  const { plan, request } = (input ?? {}) as CarriesPlan
  const carried = plan ?? request?.plan
  if (carried === undefined) return
  const addresses = new Set(addressesOf(upgradePlan(carried)).map(({ address }) => address))
  try {
    // Together: where names are slow to resolve, a rollback waits for the slowest and not for all of them.
    await Promise.all([...addresses].map(async (address) => ownPlaces.assertNone(address)))
  } catch (error) {
    throw error instanceof QianyunError ? asFailure(error) : error
  }
}
