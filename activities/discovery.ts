import { assess, type AssessedDataset, type AssessmentInput } from '../domain/assessment/assessment.ts'
import type { EntryCertificates } from '../domain/assessment/certificate-findings.ts'
import type { ChosenMethods } from '../domain/assessment/method-findings.ts'
import { methodsOf } from '../domain/plan/method.ts'
import { families, familiesInPlans } from '../families/index.ts'
import { byCode, type Assessment } from '../domain/assessment/finding.ts'
import type { HostKeys } from '../domain/plan/host-key.ts'
import { addSpan } from '../domain/calendar.ts'
import { datasetsOf, endpointsOf, hostLabel, hostsOf, type SideRole, sitesOf } from '../domain/plan/places.ts'
import type { MigrationPlan } from '../domain/plan/plan.ts'
import type { FactsPort } from '../domain/ports/facts.ts'
import { certificateEnd } from '../runner/http/certificate.ts'
import { discoverHost } from '../runner/host-facts/host.ts'
import { explained } from './failure.ts'
import { withHeartbeat } from './heartbeat.ts'
import { cutIdleConnections } from './idle-connections.ts'
import type { PlanPlaces } from './plan-places.ts'

export interface DiscoveryDeps {
  readonly places: PlanPlaces
  readonly facts: FactsPort
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

export interface DiscoveryInput {
  readonly plan: MigrationPlan
  readonly hostKeys: HostKeys
  /** The side whose hosts are looked at. */
  readonly hosts?: SideRole
}

async function findInSystem(
  places: PlanPlaces,
  { plan, hostKeys, hosts: side = 'source' }: DiscoveryInput,
): Promise<FoundInSystem> {
  const { waivers } = plan
  const [datasets, hosts, certificates, idleConnections] = await Promise.all([
    places.datasets(plan, hostKeys).then(async (all) =>
      Promise.all(
        all.map(async ({ name: dataset, family, side: open }) => {
          const { facts, ...found } = await family.assess(open('source'), {
            target: open('target'),
            waivers,
            inFront: places.inFront(plan, hostKeys, dataset),
          })
          return { dataset, facts: facts as object, ...found }
        }),
      ),
    ),
    Promise.all(
      hostsOf(plan, side).map(async ({ name }) => {
        const sites = sitesOf(plan, side, name)
        return discoverHost(places.host(plan, name, hostKeys), {
          directories: sites.map(({ directory }) => directory),
          configFiles: sites.map(({ configFile }) => configFile),
        })
      }),
    ),
    certificatesOf(plan),
    cutIdleConnections(plan, (name) => places.host(plan, name, hostKeys)),
  ])
  const methods = chosenMethods(plan)
  return { hosts, datasets, certificates, idleConnections, methods, waivers }
}

/** The methods of a plan's datasets, with what they are held against. */
function chosenMethods(plan: MigrationPlan): ChosenMethods {
  const hours = plan.ledger?.acceptableDowntimeHours
  return {
    methods: methodsOf(plan, familiesInPlans),
    maxWriteGapMs: plan.policy.gates.maxWriteGapMs,
    ...(hours !== undefined && { acceptableDowntimeMs: hours * 3_600_000 }),
    onHosts: hostsOf(plan, 'source').map(({ name, ...host }) => ({
      host: hostLabel({ name, ...host }),
      families: datasetsOf(plan).flatMap(({ family, source }) => (source.host === name ? [family] : [])),
    })),
    programs: families.flatMap(({ name: family, program }) => (program ? [{ family, program }] : [])),
  }
}

const certificateTimeoutMs = 10_000

/** The certificates that the entries of a plan show, from here. */
export async function certificatesOf(
  plan: Pick<MigrationPlan, 'endpoints' | 'policy'>,
): Promise<EntryCertificates> {
  const lookedAtMs = Date.now()
  const { trialRun, retention, timeZone } = plan.policy
  const urls = new Set(endpointsOf(plan, 'http').map(({ url }) => url))
  return {
    lookedAtMs,
    lastsUntilMs: addSpan(addSpan(lookedAtMs, trialRun, timeZone), retention, timeZone),
    entries: await Promise.all(
      [...urls].map(async (url) => ({ url, end: await certificateEnd(url, certificateTimeoutMs) })),
    ),
  }
}

/** What finds out what a system is. */
export function createDiscoveryActivities({ places, facts }: DiscoveryDeps) {
  return explained({
    /**
     * Discovers the hosts of a side and the datasets, judges what was found, and keeps all of it. What the datasets move to is looked
     * at as far as it is there already.
     */
    async discover(input: DiscoveryInput & { readonly migration: string }): Promise<Assessment> {
      return withHeartbeat(5_000, async () => keepAssessment(facts, await findInSystem(places, input)))
    },
  })
}
