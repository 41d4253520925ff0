import { changes, type Connection } from '../server/event-stream.ts'
import { exitCodes, type ExitCode } from '../command-line/exit-code.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { Screen } from '../terminal/screen.ts'
import type { Session } from '../identity/session.ts'
import { formatClock } from '../../domain/wall-clock.js'

export interface WatchedList<Row> {
  readonly load: () => Promise<readonly Row[]>
  readonly lines: (rows: readonly Row[]) => readonly string[]
  /** What a row is known by, and what changes when it does. */
  readonly key: (row: Row) => string
  readonly mark: (row: Row) => string | number
}

/** Shows a list as it changes, until the user interrupts: redrawn on a terminal, else each changed row as a line. */
export async function watchList<Row>(session: Session, list: WatchedList<Row>): Promise<ExitCode> {
  const api = await session.api()
  const screen = new Screen(session.terminal)
  const seen = new Map<string, string | number>()
  for await (const connection of changes(api, undefined, session.interrupted)) {
    if (connection.state === 'lost') {
      session.terminal.note(session.say(m.lost, { cause: connection.cause }))
      continue
    }
    const rows = await list.load()
    const changed = rows.filter((row) => seen.get(list.key(row)) !== list.mark(row))
    for (const row of changed) seen.set(list.key(row), list.mark(row))
    if (session.json) for (const row of changed) session.terminal.printJson(row)
    else if (session.terminal.isTty)
      screen.draw({
        lines: [...list.lines(rows), ''],
        longLines: 'cut',
        status: statusLine(session, connection),
      })
    else if (changed.length > 0)
      session.terminal.print(list.lines(changed).slice(seen.size > changed.length ? 1 : 0))
  }
  return exitCodes.interrupted
}

function statusLine({ say, paint, timeZone }: Session, { state }: Connection): string {
  return paint.quiet(say(state === 'live' ? m.live : m.polling, { at: formatClock(Date.now(), timeZone) }))
}
