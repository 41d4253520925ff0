import { datasetsOf, hostLabel, hostsOf, type MigrationView, sitesOf } from '../../api/contract.ts'
import { previewMessages as m } from '../messages/preview.ts'
import { names } from '../../domain/words/catalogue.ts'
import { nameOf as wordOf } from '../../domain/words/said.ts'
import type { Session } from '../identity/session.ts'
import { Moments } from './moment.ts'
import { placeText } from './place.ts'

/** What the owner's release means, before it is signed: what will be wiped, what is lost with it, and the very text. */
export function releasePreview(
  session: Session,
  view: MigrationView,
  { statement, text, keyId }: { readonly statement: string; readonly text: string; readonly keyId: string },
): string[] {
  const { say, paint } = session
  const { retention } = view
  const moments = new Moments(session, view.plan.policy.timeZone)
  const { plan } = view
  const folders = [
    ...datasetsOf(plan, 'files').map(({ source }) => placeText(source)),
    ...sitesOf(plan, 'source').flatMap(({ directory, configFile }) => [directory, configFile]),
  ]
  return [
    paint.strong(say(m.release, nameOf(view))),
    say(m.wiped, { side: sideOf(view, 'source'), paths: folders.join('  ') }),
    ...(retention === undefined
      ? []
      : [
          say(m.kept, { from: moments.at(retention.startedAtMs), until: moments.until(retention.untilMs) }),
          say(m.wayBackNow, { state: say(names.wayBack[view.wayBack]) }),
        ]),
    paint.warn(say(m.noWayBack)),
    say(m.statement, { statement }),
    say(m.willSign, { key: keyId }),
    ...text
      .trimEnd()
      .split('\n')
      .map((line) => `  ${paint.strong(line)}`),
    say(m.timesIn, { timeZone: moments.timeZone }),
  ]
}

/** What "go" sets off, and on what grounds, before it is confirmed. */
export function goPreview(session: Session, view: MigrationView): string[] {
  const { say, paint } = session
  const { cutover, rehearsal, plan, report } = view
  const moments = new Moments(session, plan.policy.timeZone)
  const signed = view.signoffs.filter(({ digest }) => digest === report?.digest)
  return [
    paint.strong(say(m.go, nameOf(view))),
    say(m.serves, { from: sideOf(view, 'source'), to: sideOf(view, 'target') }),
    ...(cutover === undefined
      ? []
      : [
          say(m.window, {
            from: moments.at(cutover.window.startsAtMs),
            to: moments.at(cutover.window.endsAtMs),
            timeZone: moments.timeZone,
          }),
          say(m.latestRollback, { at: moments.until(cutover.latestRollbackAtMs) }),
        ]),
    ...(rehearsal === undefined
      ? []
      : [
          say(m.rehearsed, {
            cutover: moments.needed(rehearsal.cutoverMs),
            rollback: moments.needed(rehearsal.rollbackMs),
          }),
          say(m.gates, {
            passed: rehearsal.gates.filter(({ passed }) => passed).length,
            all: rehearsal.gates.length,
          }),
        ]),
    say(m.signed, {
      parties: signed.map(({ party }) => say(names.role[party])).join(say(m.and)) || say(m.nobody),
    }),
    ...skippedLine(session, view),
  ]
}

/** What the abort of a move means, before it is confirmed. */
export function abortPreview(session: Session, view: MigrationView): string[] {
  const { say, paint } = session
  return [
    paint.strong(say(m.abort, nameOf(view))),
    say(m.standsAt, { phase: say(names.phase[view.phase]), round: view.round }),
    say(m.oldServes, { side: sideOf(view, 'source') }),
    paint.warn(say(m.abortForGood)),
  ]
}

const nameOf = ({ name, system }: MigrationView) => ({ name, system })

/** "old-host (permits 10.1.2.3:5432)": a side by its hosts and its databases. */
export function sideOf({ plan }: MigrationView, role: 'source' | 'target'): string {
  const databases = datasetsOf(plan).filter(({ [role]: place }) => place['address'] !== undefined)
  const places = databases.map(({ [role]: place }) => placeText(place))
  return `${hostsOf(plan, role).map(hostLabel).join(', ')} (${places.join(', ')})`
}

function skippedLine({ say, paint, language }: Session, { skippedSteps }: MigrationView): string[] {
  return skippedSteps.length === 0
    ? []
    : [
        paint.warn(
          say(m.skipped, {
            steps: skippedSteps.map((step) => wordOf(language, 'step', step)).join(say(m.and)),
          }),
        ),
      ]
}
