import type { MigrationSummary } from '../../api/contract.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { names } from '../../domain/words/catalogue.ts'
import { nameOf } from '../../domain/words/said.ts'
import type { Session } from '../identity/session.ts'
import { table } from '../terminal/table.ts'
import { ledgerLines } from './ledger-contradiction.ts'
import { endText } from './ended-outside.ts'
import { Moments } from './moment.ts'
import { standingText } from './standing.ts'
import { gapText } from './write-gap.ts'

/** The moves, one line each. */
export function migrationTable(session: Session, moves: readonly MigrationSummary[]): string[] {
  const { say, paint } = session
  if (moves.length === 0) return [say(m.listEmpty, { program: session.program })]
  const moments = new Moments(session, session.timeZone)
  const columns = [
    m.columnSystem,
    m.columnName,
    m.columnPhase,
    m.columnState,
    m.columnStep,
    m.columnWaits,
    m.columnDowntime,
    m.columnWayBack,
    m.columnChanged,
  ]
  const rows = table(
    columns.map((title) => say(title)),
    moves.map((move) => [
      move.system,
      `${move.name}${move.profile === 'lab' ? ` ${paint.warn(`[${say(m.lab)}]`)}` : ''}${move.tracked ? ` ${paint.warn(`[${say(m.tracked)}]`)}` : ''}`,
      say(names.phase[move.phase]),
      standingText(session, move),
      move.step === undefined ? '-' : nameOf(session.language, 'step', move.step.id),
      waitingCell(session, move) || '-',
      move.downtime.switches.length === 0
        ? '-'
        : move.downtime.switches
            .flatMap((one) => [...one.undoneGaps, one])
            .map((gap) => gapText(session, gap))
            .join(' + '),
      move.wayBack === 'not-needed' ? '-' : say(names.wayBack[move.wayBack]),
      moments.at(move.changedAtMs),
    ]),
    paint.strong,
  )
  const ends = moves.flatMap((move) =>
    move.endedOutside === undefined
      ? []
      : [
          say(m.endOfMove, {
            move: move.migration,
            end: paint.bad(endText(session, move.endedOutside, moments)),
          }),
        ],
  )
  const contradictions = moves.flatMap((move) =>
    ledgerLines(session, move).map((text) => say(m.endOfMove, { move: move.migration, end: text })),
  )
  return [...rows, ...ends, ...contradictions]
}

/** The short form of what a move waits for: who, and the task, the step or the matter. */
function waitingCell({ say }: Session, { waitingFor }: MigrationSummary): string {
  return waitingFor
    .map(({ code, roles, subject }) => {
      const who = roles.map((role) => say(names.role[role])).join('/')
      const what = code === 'task' || code === 'blocked-step' ? subject : say(names.wait[code])
      return who === '' ? what : `${who}: ${what}`
    })
    .join('; ')
}
