import { inZone } from '../migration/activities.ts'
import type { SidesFound, SidesInput } from './messages.ts'

/** Looks once which side of a move serves, for the API, which reaches no host itself. */
export async function sides({ plan }: SidesInput): Promise<SidesFound> {
  return inZone(plan.hosts.target.zone).lookAtSides({ plan })
}
