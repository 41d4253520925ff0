import type { MigrationEvent } from '../../api/contract.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { names } from '../../domain/words/catalogue.ts'
import { isSaid, nameOf, say } from '../../domain/words/said.ts'
import type { Session } from '../identity/session.ts'
import { padToWidth } from '../terminal/width.ts'
import { formatInstant } from '../../domain/wall-clock.js'
import { failureText, leftBehindText, toldText } from './particulars.ts'
import { wayBackReasonsText } from './way-back.ts'
import { gapText } from './write-gap.ts'

/** One event on one line: when, which, what about, who. */
export function eventLine(session: Session, event: MigrationEvent, timeZone: string): string {
  const { say, paint } = session
  const name = padToWidth(say(names.event[event.type]), session.language === 'zh' ? 14 : 20)
  const { account, role } = event.actor
  const who = role === 'engine' ? '' : paint.quiet(` — ${account} (${say(names.role[role])})`)
  const painted = bad.has(event.type) ? paint.bad(name) : good.has(event.type) ? paint.good(name) : name
  const detail = eventDetail(session, event, timeZone)
  return `${paint.quiet(formatInstant(event.atMs, timeZone))}  ${painted} ${detail}${who}`.trimEnd()
}

const bad: ReadonlySet<string> = new Set([
  'step-failed',
  'schema-change-refused',
  'schema-change-failed',
  'aborted',
  'ended-outside',
  'cutover-aborted',
  'task-rejected',
  'signoffs-voided',
])
const good: ReadonlySet<string> = new Set([
  'phase-entered',
  'recognised',
  'cut-over',
  'rolled-back',
  'closed',
])

/** The heart of an event's data: a phase by name, a failure with its message, a switch with its gap. */
function eventDetail(session: Session, event: MigrationEvent, timeZone: string): string {
  const { say } = session
  switch (event.type) {
    case 'phase-entered':
      return say(names.phase[event.data.phase])
    case 'step-failed':
      return `${nameOf(session.language, 'step', event.data.step)}: ${failureText(session.language, event.data)}`
    case 'step-finished': {
      const { step, notCompared } = event.data
      const left = notCompared && { code: 'step-not-compared', values: { notCompared } }
      return [nameOf(session.language, 'step', step), left && toldText(session.language, left)]
        .filter(Boolean)
        .join('; ')
    }
    case 'schema-change-requested':
      return [event.data.statements.join('; '), event.data.reason].join(': ')
    case 'schema-change-refused':
    case 'schema-change-failed':
      return failureText(session.language, event.data)
    case 'cut-over':
    case 'rolled-back': {
      const { currentUntilMs } = event.data.result
      return currentUntilMs === undefined
        ? gapText(session, event.data.result)
        : say(m.switchAlone, { at: formatInstant(currentUntilMs, timeZone) }).trim()
    }
    case 'way-back-changed':
      return [
        say(names.wayBack[event.data.state]),
        wayBackReasonsText(session.language, event.data.reasons),
      ].join(' ')
    case 'forward-changed':
      return event.data.reasons.length === 0
        ? say(m.forwardRuns)
        : wayBackReasonsText(session.language, event.data.reasons)
    case 'task-opened':
      return `${event.data.task.id}: ${event.data.task.title[session.language]}`
    case 'task-rejected':
      return `${event.data.task}: ${event.data.reason}`
    case 'signed-off':
      return say(names.role[event.data.signoff.party])
    case 'report-issued':
      return `v${event.data.version} sha256:${event.data.digest.slice(0, 12)}…`
    case 'cutover-scheduled':
      return say(m.windowLine, {
        from: formatInstant(event.data.window.startsAtMs, timeZone),
        to: formatInstant(event.data.window.endsAtMs, timeZone),
      })
    case 'aborted': {
      const { reason, left } = event.data
      return [reason, leftBehindText(session.language, left)].filter(Boolean).join('; ')
    }
    case 'cutover-decided':
      return [say(names.decision[event.data.decision]), event.data.reason].filter(Boolean).join(': ')
    default:
      return plainDetail(session, event.data)
  }
}

/** What the other events say in one of these fields. */
function plainDetail({ language }: Session, data: Readonly<Record<string, unknown>> | object): string {
  const fields = data as Readonly<Record<string, unknown>>
  const parts = ['step', 'task', 'reason', 'remark', 'note', 'statement'].flatMap((name) => {
    const value = fields[name]
    if (isSaid(value)) return [say(language, value)]
    if (typeof value !== 'string' || value === '') return []
    return [name === 'step' ? nameOf(language, 'step', value) : value]
  })
  return parts.join(': ')
}
