import { createArmingActivities } from './arming.ts'
import { createDiscoveryActivities, type DiscoveryDeps } from './discovery.ts'
import { createHostKeyActivities } from './host-keys.ts'
import { createPreflightActivities } from './preflight.ts'
import { createSidesActivities } from './sides.ts'
import type { WayBackWatchers } from './way-back-watchers.ts'

export interface ZoneDeps extends DiscoveryDeps {
  /** Watchers of its own for a way back that is being armed. */
  readonly watchers: () => Promise<WayBackWatchers>
}

/** What looks at hosts and databases from within their network zone: the short looks of a move, tried again alike. */
export function createZoneActivities({ places, facts, watchers }: ZoneDeps) {
  return {
    ...createDiscoveryActivities({ places, facts }),
    ...createHostKeyActivities({ places }),
    ...createPreflightActivities({ places }),
    ...createSidesActivities({ places }),
    ...createArmingActivities({ watchers }),
  }
}
