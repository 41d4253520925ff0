import { setTimeout as sleep } from 'node:timers/promises'
import { assess, type AssessedDataset, type AssessmentInput } from '../domain/assessment/assessment.ts'
import { QianyunError } from '../domain/errors.ts'
import { byCode, type Assessment } from '../domain/assessment/finding.ts'
import type { HostRole } from '../domain/host.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import { judgeWayBack } from '../domain/move/way-back.ts'
import type { SideLook } from '../domain/move/workflow-end.ts'
import { assessDatabase } from '../families/postgresql/assess.ts'
import { discoverHost } from '../runner/host-facts/host.ts'
import { lookAtBothSides } from '../families/postgresql/replication/old-side.ts'
import { switchOnRecord } from '../families/postgresql/switchover/on-record.ts'
import { scanHostKey } from '../runner/ssh/connection.ts'
import type { WayBackWatch } from '../families/postgresql/health.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import type { HostKeys, PlanPlaces } from './plan-places.ts'

export interface AssessmentDeps {
  readonly places: PlanPlaces
  readonly facts: FactsPort
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

/** Thrown when a host shows another key than the one its plan came with. */
export class HostKeyDiffersError extends QianyunError {
  override name = 'HostKeyDiffersError'
  readonly code = 'host-key-differs'

  constructor(
    readonly host: string,
    readonly found: string,
    readonly expected: string,
  ) {
    super(
      `The host "${host}" shows the key "${found}", where the plan has "${expected}". Find out which is right before anything is trusted: correct the host or the address and retry, or abort and launch a plan with the right key.`,
    )
  }
}

type RecordedHosts = Partial<Record<HostRole, { address: string; fingerprint: string }>>

async function recordKeys(plan: MigrationPlan, roles: readonly HostRole[]): Promise<RecordedHosts> {
  const recorded = await Promise.all(roles.map(async (role) => [role, await recordHost(plan, role)]))
  return Object.fromEntries(recorded) as RecordedHosts
}

async function recordHost(plan: MigrationPlan, role: HostRole): Promise<RecordedHosts[HostRole]> {
  const { name, address, port, hostKey } = plan.hosts[role]
  const fingerprint = await scanHostKey(address, port)
  if (hostKey !== undefined && hostKey !== fingerprint)
    throw new HostKeyDiffersError(name, fingerprint, hostKey)
  return { address, fingerprint }
}

/** What was found in a system: facts as they are stored, and what its families say of theirs. */
export interface FoundInSystem extends AssessmentInput {
  readonly datasets: readonly (AssessedDataset & { readonly facts: object })[]
}

/**
 * Judges the facts of a system and keeps them and every finding in storage. What is given back names both by digest: a
 * system with thousands of findings would not fit into a workflow.
 */
export async function keepAssessment(facts: FactsPort, input: FoundInSystem): Promise<Assessment> {
  const { hosts, datasets } = input
  const { findings, ...judgement } = assess(input)
  return {
    ...judgement,
    findings: byCode(findings),
    findingsDigest: await facts.put(findings),
    factsDigest: await facts.put({
      hosts,
      datasets: Object.fromEntries(datasets.map((one) => [one.dataset, one.facts])),
    }),
  }
}

async function findInSystem(
  places: PlanPlaces,
  { plan, hostKeys }: { readonly plan: MigrationPlan; readonly hostKeys: HostKeys },
): Promise<FoundInSystem> {
  const { waivers } = plan
  const { directory, configFile } = plan.application.sites.source
  const [host, database] = await Promise.all([
    discoverHost(places.host(plan, 'source', hostKeys), { directory, configFiles: [configFile] }),
    assessDatabase(places.database(plan, 'source'), { target: places.database(plan, 'target'), waivers }),
  ])
  return { hosts: [host], datasets: [{ dataset: 'database', ...database }], waivers }
}

/** What looks at hosts and databases: discovery, host keys, preflight, the first look at the way back. */
export function createAssessmentActivities(deps: AssessmentDeps) {
  const { places, facts, wayBack } = deps
  return explained({
    /**
     * Discovers the source host and its database, judges what was found, and keeps all of it. The database it moves to
     * is looked at as far as it is there already.
     */
    async discover(input: {
      readonly migration: string
      readonly plan: MigrationPlan
      readonly hostKeys: HostKeys
    }): Promise<Assessment> {
      return withHeartbeat(5_000, async () => keepAssessment(facts, await findInSystem(places, input)))
    },

    /**
     * Asks hosts of the plan for their keys, for people to compare before any is trusted. Logs in nowhere.
     * @throws HostKeyDiffersError when one shows another key than the plan came with
     */
    async recordHosts(input: {
      readonly plan: MigrationPlan
      readonly roles: readonly HostRole[]
    }): Promise<RecordedHosts> {
      return withHeartbeat(5_000, async () => recordKeys(input.plan, input.roles))
    },

    /**
     * Logs in once: to hosts by their pinned keys and, with the target's, to the databases as their administrators, as
     * steps between databases are carried out from there.
     */
    async preflight(input: {
      readonly plan: MigrationPlan
      readonly hostKeys: HostKeys
      readonly roles: readonly HostRole[]
    }): Promise<void> {
      const { plan, hostKeys, roles } = input
      await withHeartbeat(5_000, async () => {
        for (const role of roles) await places.host(plan, role, hostKeys).run('true')
        if (!roles.includes('target')) return
        for (const role of ['source', 'staging', 'target'] as const) {
          const client = await places.database(plan, role).connect({ database: 'postgres' })
          await client.end()
        }
      })
    },

    /** Asks the servers of both sides whether theirs is open. */
    async lookAtSides(input: { readonly plan: MigrationPlan }): Promise<{
      readonly old: SideLook
      readonly new: SideLook
      /** What the servers have on record of the switch that opened the new side. */
      readonly switched?: Readonly<Record<string, unknown>>
    }> {
      return withHeartbeat(5_000, async () => {
        const ports = [places.database(input.plan, 'source'), places.database(input.plan, 'target')] as const
        const found = await lookAtBothSides(...ports)
        if (found.new !== 'open') return found
        // Without its figures a switch is still one.
        const switched = await switchOnRecord(...ports).catch(() => undefined)
        return { ...found, ...(switched && { switched: { ...switched } }) }
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
