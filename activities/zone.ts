import type { WayBackWatch } from '../families/postgresql/health.ts'
import { createArmingActivities } from './arming.ts'
import { createDiscoveryActivities, type DiscoveryDeps } from './discovery.ts'
import { createHostKeyActivities } from './host-keys.ts'
import { createPreflightActivities } from './preflight.ts'
import { createSidesActivities } from './sides.ts'

export interface ZoneDeps extends DiscoveryDeps {
  readonly wayBack: WayBackWatch
}

/** What looks at hosts and databases from within their network zone: the short looks of a move, tried again alike. */
export function createZoneActivities({ places, facts, wayBack }: ZoneDeps) {
  return {
    ...createDiscoveryActivities({ places, facts }),
    ...createHostKeyActivities(),
    ...createPreflightActivities({ places }),
    ...createSidesActivities({ places }),
    ...createArmingActivities({ wayBack }),
  }
}
