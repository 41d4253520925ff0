import type { MigrationView } from '../../api/contract.ts'
import { padToWidth } from '../../cli/terminal/width.ts'
import { datasetsOf } from '../../domain/plan/places.ts'
import { nameOf } from '../../domain/words/said.ts'
import { language } from '../../standalone/sentences.ts'
import type { Verdict } from '../writers/writers.ts'
import type { SwitchName } from './decisions.ts'
import type { JobsRunOn } from './jobs.ts'
import { says } from './sentences.ts'

/** What the writers found for one switch: measured and looked up by themselves, not by the engine. */
export type SwitchFigures = Pick<Verdict, 'writeGapMs' | 'ackedWrites' | 'lostWrites' | 'ambiguousWrites'>

/** The demo's last line with `--json`. */
export interface DemoSummary extends Readonly<Record<SwitchName, SwitchFigures>> {
  readonly system: string
  readonly phases: readonly { readonly name: string; readonly startedAt: string; readonly endedAt: string }[]
  readonly report: { readonly digest: string }
  readonly signatures: readonly { readonly party: string; readonly keyId: string }[]
  readonly retention: { readonly state: string; readonly until: string }
  /** How each dataset crossed. What writers found is of the whole system. */
  readonly datasets: readonly {
    readonly name: string
    readonly family: string
    /** `cold`: with nobody served. */
    readonly method: 'online' | 'cold'
    readonly writeGapMs: number
    readonly lostWrites: number
  }[]
  /** On which side the scheduled jobs were due after each switch; absent for a system that has none. */
  readonly jobs?: Readonly<Record<SwitchName, JobsRunOn>>
  readonly audit: { readonly entries: number; readonly verified: boolean }
  readonly closed: boolean
}

export function summarise(
  m: MigrationView,
  figures: Readonly<Record<SwitchName, SwitchFigures>>,
  jobsAfter: ((name: SwitchName) => JobsRunOn) | undefined,
  audit: DemoSummary['audit'],
): DemoSummary {
  const all = Object.values(figures)
  const iso = (ms: number | undefined): string => (ms === undefined ? '' : new Date(ms).toISOString())
  return {
    system: m.plan.system,
    phases: m.phaseLog.map((p) => ({
      name: p.phase,
      startedAt: iso(p.startedAtMs),
      endedAt: iso(p.endedAtMs),
    })),
    ...figures,
    report: { digest: m.report?.digest ?? '' },
    signatures: m.signoffs.map(({ party, keyId }) => ({ party, keyId })),
    retention: { state: m.retention?.wayBack.state ?? 'none', until: iso(m.retention?.untilMs) },
    datasets: datasetsOf(m.plan).map(({ name, family }) => ({
      name,
      family,
      method: family === 'commands' ? 'cold' : 'online',
      writeGapMs: Math.max(...all.map(({ writeGapMs }) => writeGapMs)),
      lostWrites: all.reduce((sum, { lostWrites }) => sum + lostWrites, 0),
    })),
    ...(jobsAfter && {
      jobs: {
        cutover: jobsAfter('cutover'),
        rollback: jobsAfter('rollback'),
        recutover: jobsAfter('recutover'),
      },
    }),
    audit,
    closed: m.standing === 'closed',
  }
}

/** The same for a person: what happened, how long nobody could write, what was lost. */
export function summaryLines(s: DemoSummary, seconds: number): string[] {
  const { rows, switches } = says
  const row = (title: string, text: string): string => `  ${padToWidth(title, 10)} ${text}`
  const figures = (name: SwitchName): string => {
    const { writeGapMs, ackedWrites, lostWrites, ambiguousWrites } = s[name]
    return row(switches[name], says.figures(Math.round(writeGapMs), ackedWrites, lostWrites, ambiguousWrites))
  }
  const parties = s.signatures.map(({ party }) => nameOf(language, 'role', party))
  return [
    '',
    says.outcome(s.system, s.closed, Math.round(seconds)),
    figures('cutover'),
    figures('rollback'),
    figures('recutover'),
    row(rows.report, says.signed(s.report.digest.slice(0, 16), parties)),
    row(rows.wayBack, says.wayBackUntil(nameOf(language, 'wayBack', s.retention.state), s.retention.until)),
    ...(s.jobs ? [row(rows.jobs, says.jobsAfter(s.jobs.cutover, s.jobs.rollback, s.jobs.recutover))] : []),
    row(rows.audit, says.chain(s.audit.entries, s.audit.verified)),
  ]
}
