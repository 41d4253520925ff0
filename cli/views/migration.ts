import { isOver, phases, placesOf, type MigrationView } from '../../api/contract.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { names } from '../../domain/words/catalogue.ts'
import { nameOf, said } from '../../domain/words/said.ts'
import type { Session } from '../identity/session.ts'
import { nameValueLines } from '../terminal/table.ts'
import { endedOutsideLines } from './ended-outside.ts'
import { ledgerLines } from './ledger-contradiction.ts'
import { Moments } from './moment.ts'
import { nextSteps } from './next-steps.ts'
import { failureText, gateName, leftBehindText, toldText } from './particulars.ts'
import { forwardLine, wayBackPaint, wayBackReasonsText } from './way-back.ts'
import { standingText } from './standing.ts'
import { stepper } from './stepper.ts'
import { actorText } from './who.ts'
import { gapText } from './write-gap.ts'

/** One move, as `migration show` tells it. */
export function migrationLines(session: Session, view: MigrationView, nowMs = Date.now()): string[] {
  const { say, paint } = session
  const moments = new Moments(session, view.plan.policy.timeZone, nowMs)
  const lab = view.profile === 'lab'
  return [
    `${paint.strong(view.name)} (${view.system})${lab ? `  ${paint.warn(`[${say(m.lab)}]`)}` : ''}${view.tracked ? `  ${paint.warn(`[${say(m.tracked)}]`)}` : ''}`,
    ...(view.tracked ? [paint.warn(say(m.trackedNote))] : []),
    ...stepper(session, view),
    '',
    ...nameValueLines(
      [
        [say(m.move), moveLine(session, view, moments)],
        [say(m.phase), phaseLine(session, view, moments)],
        [say(m.step), stepLines(session, view, moments)],
        [
          say(m.state),
          [
            stateLine(session, view),
            ...endedOutsideLines(session, view, moments),
            ...ledgerLines(session, view),
          ],
        ],
        [say(m.waitsFor), waitingLines(session, view, moments)],
        [say(m.tasks), taskLines(session, view)],
        ...learnedEntries(session, view, moments),
        ...recognitionEntries(session, view, moments),
        ...cutoverEntries(session, view, moments),
        [say(m.temporal), view.temporalUrl],
      ],
      paint.quiet,
    ),
    '',
    paint.quiet(`${say(m.timesIn, { timeZone: moments.timeZone })}${lab ? ` ${say(m.labNote)}` : ''}`),
  ]
}

type Entry = readonly [name: string, value: string | readonly string[] | undefined]

function moveLine(session: Session, view: MigrationView, moments: Moments): string {
  return session.say(m.moveLine, {
    migration: view.migration,
    plan: view.plan.plan,
    digest: view.planDigest.slice(0, 12),
    actor: actorText(session, view.launchedBy),
    at: moments.at(view.launchedAtMs),
  })
}

function phaseLine({ say }: Session, view: MigrationView, moments: Moments): string {
  const current = view.phaseLog.findLast(({ phase }) => phase === view.phase)
  const place = {
    phase: say(names.phase[view.phase]),
    n: phases.indexOf(view.phase) + 1,
    all: phases.length,
    round: view.round,
  }
  return isOver(view)
    ? say(m.phaseOver, { ...place, at: moments.at(view.changedAtMs) })
    : say(m.phaseLine, { ...place, since: moments.since(current?.startedAtMs ?? view.launchedAtMs) })
}

function stepLines({ say, paint, language }: Session, view: MigrationView, moments: Moments): string[] {
  const { step } = view
  const skippedSteps = view.skippedSteps.map((skipped) => nameOf(language, 'step', skipped))
  const skipped = skippedSteps.length > 0 ? [`${say(m.skipped)}: ${skippedSteps.join(', ')}`] : []
  if (step === undefined) return [say(m.stepNone), ...skipped]
  const { id, attempt, failure } = step
  const stepName = nameOf(language, 'step', id)
  const line = failure
    ? paint.bad(say(m.stepFailed, { step: stepName, attempt, message: failureText(language, failure) }))
    : say(m.stepLine, { step: stepName, attempt, since: moments.since(step.startedAtMs) })
  return [line, ...skipped]
}

function stateLine(session: Session, view: MigrationView): string {
  const { say } = session
  const painted = standingText(session, view)
  if (view.abortRequested !== undefined && view.standing !== 'aborted') {
    return say(m.abortRequested, { state: painted, reason: view.abortRequested })
  }
  const left = leftBehindText(session.language, view.leftBehind)
  const reason = [view.standingReason, left].filter(Boolean).join('; ')
  return reason === '' ? painted : say(m.stateReason, { state: painted, reason })
}

function waitingLines(session: Session, view: MigrationView, moments: Moments): string[] {
  const { say, paint } = session
  const steps = nextSteps(session, { ...view, organisations: view.plan.organisations }, moments)
  if (steps.length === 0) {
    return [say(isOver(view) ? m.finished : m.waitsForNobody)]
  }
  return steps.flatMap(({ text, commands, roles }) => [
    roles.length > 0 ? paint.strong(text) : text,
    ...commands.map((command) => `  ${paint.accent(command)}`),
  ])
}

function taskLines(session: Session, view: MigrationView): string[] {
  const { say, language } = session
  return view.tasks.map((task) =>
    say(m.taskLine, {
      task: task.id,
      state: say(names.taskState[task.state]),
      who: task.takenBy ? task.takenBy.account : say(names.role[task.assignee.role]),
      title: task.title[language],
    }),
  )
}

/** What assessment, rehearsal and trial run have found. */
function learnedEntries(session: Session, view: MigrationView, moments: Moments): Entry[] {
  const { say, paint, language } = session
  const { assessment, rehearsal, trialRun } = view
  const found = assessment?.findings ?? []
  const summary = trialRun?.summary
  return [
    [
      say(m.findings),
      assessment && [
        say(m.findingsLine, {
          critical: placesOf(found, 'critical'),
          warning: placesOf(found, 'warning'),
          information: placesOf(found, 'information'),
          waived: found.reduce((sum, { waived }) => sum + waived, 0),
          score: assessment.readinessScore,
          disposition: say(names.disposition[assessment.disposition]),
        }),
        ...(assessment.waivers ?? []).map((waiver) => say(m.waiverCovers, { ...waiver })),
      ],
    ],
    [
      say(m.rehearsal),
      rehearsal && [
        say(m.rehearsalLine, {
          cutover: moments.needed(rehearsal.cutoverMs),
          cutoverGap: gapText(session, { gapMs: rehearsal.cutoverGapMs }),
          rollback: moments.needed(rehearsal.rollbackMs),
          rollbackGap: gapText(session, { gapMs: rehearsal.rollbackGapMs }),
          passed: rehearsal.gates.filter(({ passed }) => passed).length,
          gates: rehearsal.gates.length,
        }),
        ...rehearsal.gates
          .filter(({ passed }) => !passed)
          .map((gate) =>
            paint.bad(
              say(m.gateFailed, { name: gateName(language, gate), found: toldText(language, gate.found) }),
            ),
          ),
      ],
    ],
    [
      say(m.trialRun),
      summary
        ? say(summary.attested ? m.trialRunAttested : m.trialRunDone, {
            probes: summary.probes,
            availability: Math.round(summary.availability * 100_000) / 1000,
            observed: Math.round(summary.observedShare * 100_000) / 1000,
            incidents: summary.incidents,
            outage: moments.length(summary.longestOutageMs),
          })
        : trialRun && say(m.trialRunUntil, { until: moments.until(trialRun.untilMs) }),
    ],
  ]
}

function recognitionEntries(session: Session, view: MigrationView, moments: Moments): Entry[] {
  const { say, paint } = session
  const { report, plan } = view
  if (report === undefined) return []
  const amended = view.amendment === undefined ? [] : [say(m.reportAmended, { remark: view.amendment })]
  const signatures = plan.policy.parties.map((party) => {
    const signoff = view.signoffs.find((each) => each.party === party && each.digest === report.digest)
    if (signoff === undefined) {
      const organisation = plan.organisations[party]
      return paint.warn(say(m.signatureMissing, { party: say(names.role[party]), organisation }))
    }
    const { organisation, account, keyId, atMs } = signoff
    return say(m.signedBy, {
      party: say(names.role[party]),
      organisation,
      account,
      key: keyId,
      at: moments.at(atMs),
    })
  })
  return [
    [say(m.report), [say(m.reportLine, { version: report.version, digest: report.digest }), ...amended]],
    [say(m.signatures), signatures],
  ]
}

function cutoverEntries(session: Session, view: MigrationView, moments: Moments): Entry[] {
  const { say, paint } = session
  const { cutover, retention, rollbackRequested: requested, disposal } = view
  const window = cutover && [
    say(m.windowLine, {
      from: moments.at(cutover.window.startsAtMs),
      to: moments.at(cutover.window.endsAtMs),
    }),
    // After the switch a rollback is possible until the release, whatever the window was.
    ...(isOver(view) || view.switches.at(-1)?.kind === 'cutover'
      ? []
      : [say(m.latestRollback, { at: moments.until(cutover.latestRollbackAtMs) })]),
    ...(cutover.decision === undefined
      ? []
      : [say(m.decision, { decision: say(names.decision[cutover.decision]) })]),
  ]
  const switches = view.switches.flatMap(({ kind, atMs, result }) => [
    ...(result.undoneGaps ?? []).map((gap) => say(m.switchUndone, { gap: gapText(session, gap) })),
    say(m.switchLine, {
      kind: say(names.switch[kind]),
      at: moments.at(atMs),
      gap: gapText(session, result),
    }),
    ...(result.currentUntilMs === undefined
      ? []
      : [paint.warn(say(m.switchAlone, { at: moments.at(result.currentUntilMs) }))]),
    ...(result.unprovenSequences === undefined
      ? []
      : [paint.warn(say(m.sequencesUnproven, { names: result.unprovenSequences.join(', ') }))]),
    ...(result.jobsOff ?? []).map((job) => paint.warn(say(m.jobOff, { job }))),
  ])
  return [
    [say(m.window), window],
    [say(m.forward), forwardLine(session, view, moments)],
    [say(m.switches), switches],
    [
      say(m.wayBack),
      [
        wayBackLine(session, view, moments),
        ...(requested
          ? [
              paint.warn(
                say(requested.newSideGone ? m.rollbackAlone : m.rollbackRequested, {
                  actor: actorText(session, requested.by),
                  reason: toldText(session.language, requested.reason),
                }),
              ),
            ]
          : []),
      ],
    ],
    [
      say(m.released),
      retention?.release &&
        say(m.releasedLine, {
          actor: actorText(session, retention.release.by),
          at: moments.at(retention.release.atMs),
          statement: retention.release.statement,
        }),
    ],
    [
      say(m.disposal),
      disposal && say(m.disposalLine, { bytes: disposal.removedBytes, digest: disposal.proofDigest }),
    ],
  ]
}

function wayBackLine({ say, paint, language }: Session, view: MigrationView, moments: Moments): string {
  const { retention, wayBack } = view
  const name = say(names.wayBack[wayBack])
  const painted = wayBackPaint(paint, wayBack)(name)
  if (wayBack !== retention?.wayBack.state) return painted
  const { state, reasons } = retention.wayBack
  const { untilMs } = retention
  const kept =
    moments.nowMs < untilMs
      ? said('way-back-kept', { state: painted, until: moments.until(untilMs) })
      : said('way-back-time-reached', { state: painted, until: moments.at(untilMs) })
  const line = state === 'disarmed' || isOver(view) ? painted : toldText(language, kept)
  return reasons.length === 0
    ? line
    : say(m.wayBackReasons, { line, reasons: wayBackReasonsText(language, reasons) })
}
