import type { MigrationView } from '../../api/contract.ts'
import type { Verdict } from '../writers/writers.ts'
import type { SwitchName } from './decisions.ts'
import type { JobsRunOn } from './jobs.ts'

/** What the writers found for one switch: measured and looked up by themselves, not by the engine. */
export type SwitchFigures = Pick<Verdict, 'writeGapMs' | 'ackedWrites' | 'lostWrites' | 'ambiguousWrites'>

/** The demo's last line with `--json`. */
export interface DemoSummary extends Readonly<Record<SwitchName, SwitchFigures>> {
  readonly system: string
  readonly phases: readonly { readonly name: string; readonly startedAt: string; readonly endedAt: string }[]
  readonly report: { readonly digest: string }
  readonly signatures: readonly { readonly party: string; readonly keyId: string }[]
  readonly retention: { readonly state: string; readonly until: string }
  /** On which side the scheduled jobs were due after each switch. */
  readonly jobs: Readonly<Record<SwitchName, JobsRunOn>>
  readonly audit: { readonly entries: number; readonly verified: boolean }
  readonly closed: boolean
}

export function summarise(
  m: MigrationView,
  figures: Readonly<Record<SwitchName, SwitchFigures>>,
  jobsAfter: (name: SwitchName) => JobsRunOn,
  audit: DemoSummary['audit'],
): DemoSummary {
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
    jobs: {
      cutover: jobsAfter('cutover'),
      rollback: jobsAfter('rollback'),
      recutover: jobsAfter('recutover'),
    },
    audit,
    closed: m.standing === 'closed',
  }
}

/** The same for a person: what happened, how long nobody could write, what was lost. */
export function summaryLines(s: DemoSummary, seconds: number): string[] {
  const figures = (name: SwitchName): string => {
    const { writeGapMs, ackedWrites, lostWrites, ambiguousWrites } = s[name]
    return `  ${name.padEnd(10)} nobody could write for ${Math.round(writeGapMs)} ms · ${ackedWrites} acknowledged writes, ${lostWrites} lost, ${ambiguousWrites} ambiguous`
  }
  return [
    '',
    `${s.system}: moved, rolled back, moved again and ${s.closed ? 'closed' : 'NOT closed'} in ${Math.round(seconds)} s (lab durations)`,
    figures('cutover'),
    figures('rollback'),
    figures('recutover'),
    `  report     sha256 ${s.report.digest.slice(0, 16)}… signed by ${s.signatures.map((x) => x.party).join(', ')}`,
    `  way back   ${s.retention.state} until ${s.retention.until}`,
    `  jobs       due on the ${s.jobs.cutover} side after the cutover, the ${s.jobs.rollback} one after the rollback, the ${s.jobs.recutover} one after the second cutover`,
    `  audit      ${s.audit.entries} entries, chain ${s.audit.verified ? 'verified' : 'BROKEN'}`,
  ]
}
