import { describe, expect, it } from '@jest/globals'

import type { MigrationView } from '../../api/contract.ts'
import { moveView } from '../../api/views/move.ts'
import type { ApiContext } from '../../api/context.ts'
import { Session } from '../../cli/identity/session.ts'
import { Terminal } from '../../cli/terminal/terminal.ts'
import { migrationLines } from '../../cli/views/migration.ts'
import { applyEvent, type Migration } from '../../domain/move/migration.ts'
import { historyOf } from '../storage/history.ts'

const never = new AbortController().signal
const session = new Session('en', new Terminal(process, { NO_COLOR: '1' }), { json: false }, {}, never)
const context = { temporal: { options: { namespace: 'default' } }, settings: {} } as unknown as ApiContext
const untilMs = Date.parse('2027-03-01T02:00:00Z')

/** A move that has been switched, and what came after. */
function view(nowMs: number, after: Parameters<typeof historyOf>[0] = []): MigrationView {
  const result = { generation: 1, anatomyMs: {}, gapMs: 40 }
  const events = historyOf(
    [
      { emit: 'phase-entered', data: { phase: 'cutover', round: 1 } },
      {
        emit: 'cutover-scheduled',
        data: { window: { startsAtMs: 1, endsAtMs: nowMs + 600_000 }, latestRollbackAtMs: nowMs + 500_000 },
      },
      { emit: 'cut-over', data: { result } },
      { emit: 'phase-entered', data: { phase: 'retention', round: 1 } },
      { emit: 'retention-started', data: { untilMs } },
      ...after,
    ],
    'permit-desk-1',
  )
  const m = events.reduce<Migration | undefined>((so, event) => applyEvent(so, event), undefined)
  return moveView(context, { m: m!, end: undefined, withoutRunner: [] }, '行政许可', nowMs)
}

const shown = (nowMs: number, ...rest: [Parameters<typeof historyOf>[0]?]): string =>
  migrationLines(session, view(nowMs, ...rest), nowMs).join('\n')

describe('a move that has been switched', () => {
  it('tells until when its way back is kept, and of no latest rollback time that does not bind any more', () => {
    const text = shown(untilMs - 3_600_000)
    expect(text).toContain('armed, kept until 2027-03-01 10:00:00 (in 1 h)')
    expect(text).not.toContain('latest rollback time')
  })

  it('is armed after the time was reached too, and says that it was reached', () => {
    expect(shown(untilMs + 12_000)).toContain('armed; the time to keep it was reached 2027-03-01 10:00:00')
  })

  it('counts nothing any more once it is closed', () => {
    const text = shown(untilMs + 12_000, [{ emit: 'closed', data: {} }])
    expect(text).toMatch(/retention \(8 of 9\), round 1, ended \d{4}-/)
    expect(text).not.toMatch(/ ago\)|\(in |\(for |latest rollback time|kept until/)
  })
})
