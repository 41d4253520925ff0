import type { DatabaseFacts } from './database-facts.ts'
import { databaseFindings } from './database-findings.ts'
import { isPast } from './end-of-life.ts'
import type { HostFacts } from './host-facts.ts'
import type { Assessment, Disposition, Finding, Severity } from './finding.ts'
import { endedRuntimes, hostFindings, isConfiguration } from './host-findings.ts'
import type { LocalText } from '../identifier.ts'

export interface AssessmentInput {
  readonly host: HostFacts
  readonly database: DatabaseFacts
  /** The database it moves to, when that is known already. */
  readonly target?: DatabaseFacts
  /** Name of a waiver → the reason a person gave. */
  readonly waivers: Readonly<Record<string, string>>
}

const costs: Readonly<Record<Severity, number>> = { critical: 15, warning: 4, information: 0 }
const order: readonly Severity[] = ['critical', 'warning', 'information']

/** What the facts of a system come to, finding by finding. */
export interface Judgement extends Pick<Assessment, 'readinessScore' | 'disposition' | 'dispositionReason'> {
  readonly findings: readonly Finding[]
}

/** Judges the facts of a system: what was found, how ready it is, and how it is proposed to move. Pure. */
export function assess(input: AssessmentInput): Judgement {
  const found = [...databaseFindings(input.database, input.target), ...hostFindings(input.host)]
  const findings = found
    .map((finding) => withWaiver(finding, input.waivers))
    .sort((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity))
  const cost = findings
    .filter(({ waiver }) => waiver === undefined)
    .reduce((sum, { severity }) => sum + costs[severity], 0)
  return { findings, readinessScore: Math.max(0, 100 - cost), ...disposition(input) }
}

/**
 * What keeps replication from starting: every critical finding of the database that no waiver covers. Each says what
 * was found and what to do; an empty list opens the gate.
 */
export function replicationObstacles(
  database: DatabaseFacts,
  waivers: Readonly<Record<string, string>>,
  target?: DatabaseFacts,
): readonly Finding[] {
  return databaseFindings(database, target)
    .map((finding) => withWaiver(finding, waivers))
    .filter(({ severity, waiver }) => severity === 'critical' && waiver === undefined)
}

function withWaiver(finding: Finding, waivers: Readonly<Record<string, string>>): Finding {
  const { waiverName } = finding
  const waiver =
    waiverName !== undefined && Object.hasOwn(waivers, waiverName) ? waivers[waiverName] : undefined
  return waiver === undefined ? finding : { ...finding, waiver }
}

/** The seven ways of moving, of which an assessment can tell four apart; the first that fits wins (domain §4.3). */
function disposition(input: AssessmentInput): { disposition: Disposition; dispositionReason: LocalText } {
  const inCode = input.host.hardCoded.filter(({ file }) => !isConfiguration(file))
  const upgrades = upgradesOf(input)
  if (inCode.length === 0 && upgrades.length === 0) {
    return input.host.hardCoded.length === 0
      ? decided('relocate', '平台相同，无需修改。', 'Nothing in it depends on where it runs.')
      : decided(
          'rehost',
          '操作系统、数据库与运行环境均受支持，只改配置。',
          'System, database and runtime are supported; only configuration changes.',
        )
  }
  if (inCode.length === 0) {
    const list = upgrades.join(', ')
    return decided('replatform', `平台需要升级：${list}。`, `The platform changes under it: ${list}.`)
  }
  const files = [...new Set(inCode.map(({ file }) => file))]
  return decided(
    'refactor',
    `代码中写死了地址或路径（${files.length} 个文件，如“${files[0] ?? ''}”），需要改代码。`,
    `Addresses or paths are written into its code (${files.length} files, "${files[0] ?? ''}" for one): the code has to change.`,
  )
}

function upgradesOf({ host, database, target }: AssessmentInput): string[] {
  const upgrades = new Set(
    endedRuntimes(host).map(({ language, version }) => `${language} ${version.split('.')[0] ?? ''}`),
  )
  if (host.system.endOfLife !== undefined && isPast(host.system.endOfLife, host.gatheredAtMs)) {
    upgrades.add(host.system.name)
  }
  const { server } = database
  const newMajor = target !== undefined && target.server.major > server.major
  const ended = server.endOfLife !== undefined && isPast(server.endOfLife, database.gatheredAtMs)
  if (newMajor || ended)
    upgrades.add(`PostgreSQL ${server.version}${newMajor ? ` → ${target.server.version}` : ''}`)
  return [...upgrades]
}

function decided(way: Disposition, zh: string, en: string) {
  return { disposition: way, dispositionReason: { zh: zh.slice(0, 400), en: en.slice(0, 400) } }
}
