import type { LocalText } from '../identifier.ts'
import type { Waivers } from '../plan/waiving.ts'
import type { Said } from '../words/message.ts'
import { said, sayBoth } from '../words/said.ts'
import { type CoveredWaiver, coveredWaivers } from './assessed-waivers.ts'
import { certificateFindings, type EntryCertificates } from './certificate-findings.ts'
import { type CutIdleConnections, idleConnectionFindings } from './idle-connection-findings.ts'
import { type ChosenMethods, methodFindings } from './method-findings.ts'
import { isPast } from './end-of-life.ts'
import type { Assessment, Disposition, Finding, Severity } from './finding.ts'
import type { HostFacts } from './host-facts.ts'
import { endedRuntimes, hostFindings, isConfiguration } from './host-findings.ts'

/** What its family found in one dataset of the system. */
export interface AssessedDataset {
  /** By the plan's name of it. */
  readonly dataset: string
  /** Those a waiver covers carry its reason. */
  readonly findings: readonly Finding[]
  /** What of its platform changes on the way: `PostgreSQL 15.20 → 18.4`. */
  readonly upgrades: readonly string[]
}

export interface AssessmentInput {
  /** The hosts the system runs on. */
  readonly hosts: readonly HostFacts[]
  readonly datasets: readonly AssessedDataset[]
  /** What its entries show to clients; absent where they were not asked. */
  readonly certificates?: EntryCertificates
  /** Proxies of its entries that close connections as they are reloaded; absent where they were not asked. */
  readonly idleConnections?: readonly CutIdleConnections[]
  /** How its datasets cross; absent where that was not asked. */
  readonly methods?: ChosenMethods
  readonly waivers: Waivers
}

const costs: Readonly<Record<Severity, number>> = { critical: 15, warning: 4, information: 0 }
const order: readonly Severity[] = ['critical', 'warning', 'information']

/** The judgement of a system's facts, finding by finding. */
export interface Judgement extends Pick<Assessment, 'readinessScore' | 'disposition' | 'dispositionReason'> {
  readonly findings: readonly Finding[]
  readonly waivers: readonly CoveredWaiver[]
}

/** Judges what was found in a system: how ready it is, and how it is proposed to move. Pure. */
export function assess(input: AssessmentInput): Judgement {
  const findings = [
    ...input.datasets.flatMap(({ dataset, findings }) => findings.map((one) => ({ ...one, dataset }))),
    ...input.hosts.flatMap(hostFindings),
    ...(input.certificates === undefined ? [] : certificateFindings(input.certificates)),
    ...idleConnectionFindings(input.idleConnections ?? []),
    ...(input.methods === undefined ? [] : methodFindings(input.methods, input.hosts, input.waivers)),
  ].sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  const cost = findings
    .filter(({ waiver }) => waiver === undefined)
    .reduce((sum, { severity }) => sum + costs[severity], 0)
  return {
    findings,
    waivers: coveredWaivers(findings, input.waivers),
    readinessScore: Math.max(0, 100 - cost),
    ...disposition(input),
  }
}

/** The seven ways of moving, of which an assessment can tell four apart; the first that fits wins (domain §4.3). */
function disposition(input: AssessmentInput): { disposition: Disposition; dispositionReason: LocalText } {
  const hardCoded = input.hosts.flatMap((host) => host.hardCoded)
  const inCode = hardCoded.filter(({ file }) => !isConfiguration(file))
  const upgrades = [
    ...new Set([...input.hosts.flatMap(hostUpgrades), ...input.datasets.flatMap((one) => one.upgrades)]),
  ]
  if (inCode.length === 0 && upgrades.length === 0) {
    return hardCoded.length === 0
      ? decided('relocate', said('same-platform'))
      : decided('rehost', said('configuration-changes'))
  }
  if (inCode.length === 0) {
    return decided('replatform', said('platform-changes', { upgrades: upgrades.join(', ') }))
  }
  const files = [...new Set(inCode.map(({ file }) => file))]
  return decided('refactor', said('code-changes', { count: files.length, file: files[0] ?? '' }))
}

function hostUpgrades(host: HostFacts): string[] {
  const runtimes = endedRuntimes(host).map(
    ({ language, version }) => `${language} ${version.split('.')[0] ?? ''}`,
  )
  const { endOfLife, name } = host.system
  return endOfLife !== undefined && isPast(endOfLife, host.gatheredAtMs) ? [...runtimes, name] : runtimes
}

function decided(way: Disposition, reason: Said) {
  const { zh, en } = sayBoth(reason)
  return { disposition: way, dispositionReason: { zh: zh.slice(0, 400), en: en.slice(0, 400) } }
}
