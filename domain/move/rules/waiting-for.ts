import { goDeadlineMs } from '../cutover-window.ts'
import { givesUpAt } from '../giving-up.ts'
import type { LedgerContradiction } from '../ledger-contradiction.ts'
import type { Migration } from '../migration.ts'
import type { Role } from '../../organisation.ts'
import { isOver } from '../phase.ts'
import { missingParties } from '../signoff.ts'
import { isSwitched } from '../switches.ts'
import type { Side } from '../workflow-end.ts'
import { maySkip } from './skippable-steps.ts'

/** What a move waits for: a stable code, who can end the wait, and what it is about. */
export interface WaitingFor {
  readonly code:
    | 'resume'
    | 'blocked-step'
    | 'task'
    | 'signoff'
    | 'cutover-schedule'
    | 'cutover-window'
    | 'cutover-decision'
    | 'trial-run'
    | 'retention-time'
    | 'retention-release'
    | 'end-acknowledgement'
    | 'ended-on-new-side'
    | 'ledger-contradiction'
    | 'schema-change'
    | 'way-back-lost'
    | 'runner'
  readonly roles: readonly Role[]
  /** Step, task, parties or zone concerned. */
  readonly subject: string
  /** When it ends by itself, where it does. */
  readonly untilMs?: number
  /** Since when, where that is known. */
  readonly sinceMs?: number
  /** Whether the blocked step may be skipped. */
  readonly maySkip?: true
  /** The side that holds what may be nowhere else, and is given up so that the blocked step can go on. */
  readonly givesUp?: Side
  /** What leads back to the old side past the workflow, which has ended: the rollback playbook, and its plan. */
  readonly waysBack?: { readonly playbook: string; readonly plan: string }
}

/** What the move waits for at `nowMs`; empty while a step is running. */
export function waitingFor(m: Migration, nowMs: number): readonly WaitingFor[] {
  if (m.endedOutside !== undefined && m.endedOutside.acknowledged === undefined) {
    return [
      {
        code: 'end-acknowledgement',
        roles: ['coordinator', 'operations'],
        subject: m.endedOutside.end.how,
        ...(isSwitched(m) && { waysBack: wayBackOf(m) }),
      },
    ]
  }
  // The old side is fenced, nobody watches, and no command of the move is taken any more.
  if (m.endedOutside?.acknowledged?.serves === 'new')
    return [{ code: 'ended-on-new-side', roles: ['operations'], subject: '', waysBack: wayBackOf(m) }]
  if (isOver(m)) return []
  if (m.ledger !== undefined) return waitingForLedger(m, m.ledger.contradictions, nowMs)
  return waitingInStanding(m, nowMs)
}

/** Whether runners have something to do for the move at this moment: a step is under way, or its way back is watched. */
export function needsRunners(m: Migration): boolean {
  if (isOver(m) || m.endedOutside !== undefined || m.standing === 'on-hold') return false
  return (m.step !== undefined && m.step.failure === undefined) || m.phase === 'retention'
}

function wayBackOf({ plan }: Migration): NonNullable<WaitingFor['waysBack']> {
  return { playbook: plan.playbooks.rollback.name, plan: plan.plan }
}

function waitingInStanding(m: Migration, nowMs: number): readonly WaitingFor[] {
  if (m.standing === 'paused' || m.standing === 'on-hold') {
    return [{ code: 'resume', roles: ['coordinator', 'operations'], subject: m.standingReason ?? '' }]
  }
  if (m.step?.failure) {
    const { id, failure } = m.step
    const givesUp = givesUpAt(id, failure.code)
    const waysOn = {
      ...(givesUp && { givesUp }),
      ...(maySkip(id, m.plan.policy.profile) && { maySkip: true as const }),
    }
    return [
      { code: 'blocked-step', roles: ['coordinator', 'operations', 'vendor'], subject: id, ...waysOn },
      ...waitingForSchemaChange(m),
    ]
  }
  return [...waitingForSchemaChange(m), ...waitingForTasks(m), ...waitingInPhase(m, nowMs)]
}

/** A move held by the ledger waits only for people to take note; after a cutover the move goes on. */
function waitingForLedger(
  m: Migration,
  contradictions: readonly LedgerContradiction[],
  nowMs: number,
): readonly WaitingFor[] {
  const subject = contradictions.map(({ cell }) => cell).join(', ')
  const others = waitingInStanding(m, nowMs)
  if (isSwitched(m)) {
    const roles: readonly Role[] = m.phase === 'closing' ? ['coordinator'] : ['coordinator', 'operations']
    return [
      { code: 'ledger-contradiction', roles, subject },
      ...others.filter(({ code }) => code !== 'retention-release'),
    ]
  }
  const notices = waitingForTasks(m).filter(({ subject: id }) =>
    m.tasks.some((t) => t.id === id && t.kind === 'acknowledge-ledger-change'),
  )
  return [{ code: 'ledger-contradiction', roles: ['coordinator'], subject }, ...notices]
}

/** One side may have what the other lacks. */
function waitingForSchemaChange({ schemaChange }: Migration): readonly WaitingFor[] {
  return schemaChange?.isHalfMade && schemaChange.state !== 'running'
    ? [{ code: 'schema-change', roles: ['operations'], subject: schemaChange.statements[0] ?? '' }]
    : []
}

function waitingForTasks(m: Migration): readonly WaitingFor[] {
  return m.tasks
    .filter((t) => t.state !== 'closed')
    .map((t): WaitingFor => {
      const by =
        t.state === 'signed' || (t.state === 'completed' && !t.wantsSignature) ? t.reviewer : undefined
      return { code: 'task', roles: [(by ?? t.assignee).role], subject: t.id }
    })
}

function waitingInPhase(m: Migration, nowMs: number): WaitingFor[] {
  switch (m.phase) {
    case 'trial-run':
      return m.trialRun && !m.trialRun.summary
        ? [{ code: 'trial-run', roles: [], subject: 'trial-run', untilMs: m.trialRun.untilMs }]
        : []
    case 'recognition': {
      if (!m.report) return []
      const parties = missingParties(m.plan.policy.parties, m.signoffs, m.report.digest)
      return parties.length > 0 ? [{ code: 'signoff', roles: [...parties], subject: parties.join(', ') }] : []
    }
    case 'cutover':
      return waitingInCutover(m, nowMs)
    case 'retention':
      return waitingInRetention(m, nowMs)
    default:
      return []
  }
}

function waitingInCutover(m: Migration, nowMs: number): WaitingFor[] {
  if (m.step) return []
  if (!m.cutover) return [{ code: 'cutover-schedule', roles: ['operations'], subject: 'window' }]
  const { window, latestRollbackAtMs, decision, preparation } = m.cutover
  if (nowMs < window.startsAtMs) {
    return [{ code: 'cutover-window', roles: [], subject: 'window', untilMs: window.startsAtMs }]
  }
  if (decision !== undefined || preparation !== 'done') return []
  return [
    {
      code: 'cutover-decision',
      roles: ['operations'],
      subject: 'go or no-go',
      untilMs: goDeadlineMs(latestRollbackAtMs, m.rehearsal),
    },
  ]
}

function waitingInRetention(m: Migration, nowMs: number): WaitingFor[] {
  // A step under way is a rollback or its end: nothing can be released meanwhile.
  if (!m.retention || m.step !== undefined || m.rollbackRequested !== undefined) return []
  const { wayBack, untilMs, release } = m.retention
  const lost: WaitingFor[] =
    wayBack.state === 'lost' && m.rearm === undefined && release === undefined
      ? [{ code: 'way-back-lost', roles: ['operations'], subject: 'way-back' }]
      : []
  if (nowMs < untilMs) return [...lost, { code: 'retention-time', roles: [], subject: 'retention', untilMs }]
  return release ? [] : [...lost, { code: 'retention-release', roles: ['owner'], subject: 'release' }]
}
