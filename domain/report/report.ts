import type { MigrationEvent } from '../move/event.ts'
import type { Finding } from '../assessment/finding.ts'
import { pinnedKey } from '../plan/host-key.ts'
import type { MethodOfDataset } from '../plan/method.ts'
import { hostLabel, hostsOf } from '../plan/places.ts'
import { applyEvent } from '../move/migration.ts'
import type { Migration } from '../move/migration.ts'

/**
 * The trial-run report (试运行结果报告, 格尔木 2018 §7) as frozen and signed: what was found, what was adapted and by whom,
 * what the rehearsal measured, what the trial run observed. It follows from the events, and from the findings they name.
 */
export function trialRunReport(
  events: readonly MigrationEvent[],
  findings: readonly Finding[],
  {
    version,
    remark,
    methods = () => [],
  }: {
    readonly version: number
    readonly remark: string
    /** How each dataset crosses. */
    readonly methods?: (plan: Migration['plan']) => readonly MethodOfDataset[]
  },
) {
  let m: Migration | undefined
  for (const event of events) m = applyEvent(m, event)
  if (m === undefined) throw new Error('A report needs the events of a move; none were given.')
  const { plan } = m
  return {
    kind: 'trial-run-report',
    schemaVersion: 1,
    version,
    remark,
    migration: m.migration,
    system: plan.system,
    profile: plan.policy.profile,
    round: m.round,
    plan: { plan: plan.plan, digest: m.planDigest, playbooks: plan.playbooks },
    policy: plan.policy,
    acceptableDowntimeHours: plan.ledger?.acceptableDowntimeHours ?? null,
    methods: methods(plan),
    tracked: plan.tracked === undefined ? null : trackedOf(plan.tracked, m.tasks),
    organisations: plan.organisations,
    launchedBy: m.launchedBy,
    hosts: Object.fromEntries(
      hostsOf(plan).map((host) => {
        const { name, role, address } = host
        const hostKey = pinnedKey(m, name) ?? null
        return [name, { name: hostLabel(host), address, hostKey, ...(name === role ? {} : { role }) }]
      }),
    ),
    assessment: m.assessment === undefined ? null : { ...m.assessment, findings },
    acceptedFindings: m.tasks.flatMap(({ reasons = {}, completedBy }) =>
      Object.entries(reasons).map(([code, reason]) => ({ code, reason, by: completedBy ?? null })),
    ),
    adaptation: m.tasks
      .filter((t) => t.kind === 'adapt-code' || t.kind === 'playbook-task')
      .map((t) => ({
        task: t.id,
        state: t.state,
        by: t.completedBy ?? null,
        note: t.note ?? '',
        evidence: t.evidence,
        signature: t.signature ?? null,
        rejections: t.rejections.map(({ by, reason }) => ({ by, reason })),
      })),
    rehearsal: m.rehearsal ?? null,
    trialRun: m.trialRun?.summary ?? null,
    skippedSteps: skipped(events),
    switchesSoFar: m.switches.map(({ kind, atMs, result: { gapMs, gapBound, undoneGaps } }) => ({
      kind,
      atMs,
      // A gap that was not measured is said to be so.
      gapMs: gapMs ?? null,
      ...(gapBound && { gapBound }),
      ...(undoneGaps && { undoneGaps }),
    })),
  }
}

/** What people have attested of a move that the engine did nothing of. */
function trackedOf(
  { steps: _steps, ...tracked }: NonNullable<Migration['plan']['tracked']>,
  tasks: Migration['tasks'],
) {
  return {
    ...tracked,
    attested: tasks
      .filter(({ kind, state }) => kind === 'attest-step' && state === 'closed')
      .map(({ id, title, completedBy, note = '', figures = {}, evidence, signature }) => ({
        task: id,
        title,
        by: completedBy ?? null,
        note,
        figures,
        evidence,
        signature: signature ?? null,
      })),
  }
}

function skipped(events: readonly MigrationEvent[]) {
  return events.flatMap((e) =>
    e.type === 'step-skipped' ? [{ step: e.data.step, reason: e.data.reason, by: e.actor }] : [],
  )
}
