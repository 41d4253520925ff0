import { setTimeout as sleep } from 'node:timers/promises'
import { assess } from '../domain/assessment.ts'
import { QianyunError } from '../domain/errors.ts'
import type { Assessment } from '../domain/finding.ts'
import type { HostRole } from '../domain/host.ts'
import { hostRoles } from '../domain/host.ts'
import type { MigrationPlan } from '../domain/plan.ts'
import { judgeWayBack } from '../domain/way-back.ts'
import { discoverDatabase } from '../runner/facts/database.ts'
import { discoverHost } from '../runner/facts/host.ts'
import { scanHostKey } from '../runner/ssh/connection.ts'
import type { WayBackWatch } from '../runner/way-back.ts'
import type { FactStore } from '../storage/facts.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { HostKeys, PlanPlaces } from './plan-places.ts'

export interface AssessmentDeps {
  readonly places: PlanPlaces
  readonly facts: FactStore
  readonly wayBack: WayBackWatch
}

/** Thrown when the reverse replication has not come to be armed in time after a cutover. */
export class WayBackNotArmedError extends QianyunError {
  override name = 'WayBackNotArmedError'
  readonly code = 'way-back-not-armed'

  constructor(readonly reasons: readonly string[]) {
    super(
      `The way back is not armed: ${reasons.join(', ')}. Mend the reverse replication and retry, or roll back while it still works.`,
    )
  }
}

/** What looks at hosts and databases: discovery, host keys, preflight, the first look at the way back. */
export function createAssessmentActivities(deps: AssessmentDeps) {
  const { places, facts, wayBack } = deps
  return explained({
    /** Discovers the source host and its database, keeps every fact, and judges them. */
    async discover(input: {
      readonly migration: string
      readonly plan: MigrationPlan
      readonly hostKeys: HostKeys
    }): Promise<Assessment> {
      const { plan, hostKeys } = input
      return withHeartbeat(5_000, async () => {
        const site = plan.application.sites.source
        const [host, database] = await Promise.all([
          discoverHost(places.host(plan, 'source', hostKeys), {
            directory: site.directory,
            configFiles: [site.configFile],
          }),
          discoverDatabase(places.database(plan, 'source')),
        ])
        const factsDigest = await facts.put({ host, database })
        return { ...assess({ host, database, waivers: plan.waivers }), factsDigest }
      })
    },

    /** Asks every host of the plan for its key, for people to compare before any is trusted. Logs in nowhere. */
    async recordHosts(input: {
      readonly plan: MigrationPlan
    }): Promise<Partial<Record<HostRole, { address: string; fingerprint: string }>>> {
      const recorded: Partial<Record<HostRole, { address: string; fingerprint: string }>> = {}
      for (const role of hostRoles) {
        const { address, port } = input.plan.hosts[role]
        recorded[role] = { address, fingerprint: await scanHostKey(address, port) }
      }
      return recorded
    },

    /** Logs in everywhere once: hosts by their pinned keys, databases as their administrators. */
    async preflight(input: { readonly plan: MigrationPlan; readonly hostKeys: HostKeys }): Promise<void> {
      const { plan, hostKeys } = input
      await withHeartbeat(5_000, async () => {
        for (const role of hostRoles) await places.host(plan, role, hostKeys).run('true')
        for (const role of ['source', 'staging', 'target'] as const) {
          const client = await places.database(plan, role).connect({ database: 'postgres' })
          await client.end()
        }
      })
    },

    /** Waits until one look finds the way back armed. @throws WayBackNotArmedError */
    async awaitArmed(input: { readonly migration: string; readonly plan: MigrationPlan }): Promise<void> {
      await withHeartbeat(5_000, async (signal) => {
        const giveUpAtMs = Date.now() + 60_000
        for (;;) {
          const measurement = await wayBack.look(input)
          const verdict = judgeWayBack(measurement, { maxMarkerAgeMs: 30_000, maxFilesAgeMs: 600_000 })
          if (verdict.state === 'armed') return
          if (Date.now() > giveUpAtMs) throw new WayBackNotArmedError(verdict.reasons)
          await sleep(500, undefined, { signal })
        }
      })
    },
  })
}
