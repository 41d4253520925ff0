import { zoneOf } from '../../domain/plan/places.ts'
import { upgradePlan } from '../../domain/plan/upgrade.ts'
import { inZone } from '../migration/activities.ts'
import type { SidesFound, SidesInput } from './messages.ts'

/** Looks once which side of a move serves, for the API, which reaches no host itself. */
export async function sides(input: SidesInput): Promise<SidesFound> {
  const plan = upgradePlan(input.plan)
  return inZone(zoneOf(plan, 'target')).lookAtSides({ plan })
}
