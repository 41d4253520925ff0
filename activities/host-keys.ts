import { QianyunError } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'
import type { RecordedHosts } from '../domain/move/event.ts'
import { hostLabel, hostOf } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { PlanPlaces } from './plan-places.ts'

/** Thrown when a host shows another key than the one its plan came with. */
export class HostKeyDiffersError extends QianyunError {
  override name = 'HostKeyDiffersError'
  readonly code = 'host-key-differs'

  constructor(
    readonly host: string,
    readonly found: string,
    readonly expected: string,
  ) {
    super(said('host-key-differs', { host, found, expected }))
  }
}

async function recordKeys(
  places: PlanPlaces,
  plan: MigrationPlan,
  hosts: readonly string[],
): Promise<RecordedHosts> {
  const recorded = await Promise.all(hosts.map(async (name) => [name, await recordHost(places, plan, name)]))
  return Object.fromEntries(recorded) as RecordedHosts
}

async function recordHost(
  places: PlanPlaces,
  plan: MigrationPlan,
  name: string,
): Promise<RecordedHosts[string]> {
  const host = hostOf(plan, name)
  const { address, hostKey } = host
  const fingerprint = await places.hostKeyShown(plan, name)
  if (hostKey !== undefined && hostKey !== fingerprint)
    throw new HostKeyDiffersError(hostLabel(host), fingerprint, hostKey)
  return { address, fingerprint }
}

/** What asks hosts for their keys, before any is trusted. */
export function createHostKeyActivities({ places }: { readonly places: PlanPlaces }) {
  return explained({
    /**
     * Asks hosts of the plan for their keys, for people to compare before any is trusted. Logs in nowhere.
     * @throws HostKeyDiffersError when one shows another key than the plan came with
     */
    async recordHosts(input: {
      readonly plan: MigrationPlan
      readonly hosts: readonly string[]
    }): Promise<RecordedHosts> {
      return withHeartbeat(5_000, async () => recordKeys(places, input.plan, input.hosts))
    },
  })
}
