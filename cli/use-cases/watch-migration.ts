import type { MigrationEvent, MigrationView } from '../../api/contract.ts'
import { EventLog } from '../server/event-log.ts'
import { changes, type Connection } from '../server/event-stream.ts'
import { exitCodes, type ExitCode } from '../command-line/exit-code.ts'
import { changeMark, exitCondition, isEnded } from './exit-condition.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { names } from '../../domain/words/catalogue.ts'
import { Screen } from '../terminal/screen.ts'
import type { Session } from '../identity/session.ts'
import { formatDuration } from '../../domain/duration.ts'
import { formatClock } from '../../domain/wall-clock.js'
import { eventLine } from '../views/event-line.ts'
import { migrationLines } from '../views/migration.ts'

export interface WatchOptions {
  readonly system: string
  /** How many events of the past are shown first. */
  readonly pastEvents: number
  /** What a line of `--json` is: the event, or the move as it now is. */
  readonly jsonLines: 'events' | 'moves'
  /** Any of these conditions ends it; without one only its end does. */
  readonly exitWhen: readonly string[]
  readonly timeoutMs?: number | undefined
}

/** Follows a move until it ends, `exitWhen` holds, the time is up or the user interrupts. */
export async function watchMigration(session: Session, options: WatchOptions): Promise<ExitCode> {
  const condition = exitCondition(...options.exitWhen)
  const api = await session.api()
  const first = await api.call('showMigration', { params: { system: options.system } })
  const ending = new AbortController()
  // Longer than this setTimeout does not wait at all.
  const timeoutMs = options.timeoutMs === undefined ? undefined : Math.min(options.timeoutMs, 2 ** 31 - 1)
  // A timer of our own: a signal of AbortSignal.timeout that only AbortSignal.any knows may be collected unfired
  // (https://github.com/nodejs/node/issues/54614).
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => ending.abort(), timeoutMs)
  const signal = AbortSignal.any([session.interrupted, ending.signal])
  const show =
    session.json || !session.terminal.isTty
      ? appending(session, options)
      : redrawing(session, options, signal)
  const log = new EventLog(api, first.migration, Math.max(0, first.sequence - options.pastEvents))
  let view = first
  try {
    for await (const connection of changes(api, first.migration, signal)) {
      if (connection.state === 'lost') show({ view, events: [], connection })
      else {
        const events = await log.more()
        view = await api.call('showMigration', { params: { system: first.migration } })
        show({ view, events, connection })
      }
      if (condition(view)) return exitCodes.ok
      if (isEnded(view)) return ended(session, view, options)
    }
  } finally {
    clearTimeout(timer)
    ending.abort()
  }
  return session.interrupted.aborted ? exitCodes.interrupted : notReached(session, view, options)
}

interface Shown {
  readonly view: MigrationView
  readonly events: readonly MigrationEvent[]
  readonly connection: Connection
}
type Show = (shown: Shown) => void

/** One line for each event, for files, pipes and programs. */
function appending(session: Session, { jsonLines }: WatchOptions): Show {
  let shown = ''
  return ({ view, events, connection }) => {
    if (connection.state === 'lost') {
      session.terminal.note(session.say(m.lost, { cause: connection.cause }))
    } else if (session.json && jsonLines === 'moves') {
      const mark = changeMark(view)
      if (mark !== shown) session.terminal.printJson(view)
      shown = mark
    } else if (session.json) {
      for (const event of events) session.terminal.printJson(event)
    } else {
      const { timeZone } = view.plan.policy
      session.terminal.print(events.map((event) => eventLine(session, event, timeZone)))
    }
  }
}

/** The move drawn anew every second: times in it go on although nothing happens. */
function redrawing(session: Session, { pastEvents }: WatchOptions, signal: AbortSignal): Show {
  const screen = new Screen(session.terminal)
  let shown: Shown | undefined
  let events: readonly MigrationEvent[] = []
  const draw = (): void => {
    if (shown === undefined) return
    const { view, connection } = shown
    const { timeZone } = view.plan.policy
    screen.draw({
      lines: migrationLines(session, view),
      log: events.map((event) => eventLine(session, event, timeZone)),
      status: session.paint.quiet(statusLine(session, connection, timeZone)),
    })
  }
  const timer = setInterval(draw, 1000)
  signal.addEventListener('abort', () => clearInterval(timer))
  return (next) => {
    shown = next
    events = [...events, ...next.events].slice(-Math.max(1, pastEvents))
    draw()
  }
}

let lostAtMs: number | undefined
function statusLine({ say }: Session, connection: Connection, timeZone: string): string {
  if (connection.state === 'lost') {
    lostAtMs ??= Date.now()
    return say(m.reconnecting, { at: formatClock(lostAtMs, timeZone) })
  }
  lostAtMs = undefined
  return say(connection.state === 'live' ? m.live : m.polling, { at: formatClock(Date.now(), timeZone) })
}

function ended(session: Session, view: MigrationView, { exitWhen }: WatchOptions): ExitCode {
  const state = session.say(names.standing[view.standing])
  if (exitWhen.length === 0) {
    session.terminal.note(session.say(m.noMoreEvents, { state }))
    return exitCodes.ok
  }
  session.terminal.note(session.say(m.cannotBeReached, { condition: exitWhen.join(', '), state }))
  return exitCodes.refused
}

function notReached(
  session: Session,
  view: MigrationView,
  { exitWhen, timeoutMs = 0 }: WatchOptions,
): ExitCode {
  const { say, language } = session
  const phase = say(names.phase[view.phase])
  const state = say(names.standing[view.standing])
  const timeout = formatDuration(timeoutMs, language)
  session.terminal.note(say(m.notReachedInTime, { timeout, condition: exitWhen.join(', '), phase, state }))
  return exitCodes.waiting
}
