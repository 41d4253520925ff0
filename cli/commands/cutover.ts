import type { CommandAnswer, MigrationView } from '../../api/contract.ts'
import { showAccepted } from '../views/accepted.ts'
import { reasonFlag, systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { UsageError } from '../command-line/errors.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { sentence } from '../language/message.ts'
import { errorMessages } from '../messages/errors.ts'
import { migrationMessages } from '../messages/migration.ts'
import { previewMessages as previews } from '../messages/preview.ts'
import { cutoverMessages as m } from '../messages/switching.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { addCutoverSettle } from './cutover-settle.ts'
import { parseInstant } from '../time/instant.ts'
import { Moments } from '../views/moment.ts'
import { goPreview } from '../views/preview.ts'

type CutoverFlags = GlobalFlags & { readonly system: string }

export const addCutoverCommands: AddCommands = (argv, context) => {
  const { say, run } = context
  const decisions = argv
    .command(
      'schedule <system>',
      say(m.schedule),
      (y) =>
        systemArgument(y, say)
          .option('start', { type: 'string', demandOption: true, describe: say(m.flagStart) })
          .option('end', { type: 'string', demandOption: true, describe: say(m.flagEnd) }),
      run(schedule),
    )
    .command(
      'go <system>',
      say(m.go),
      (y) =>
        systemArgument(y, say)
          .option('reason', { type: 'string', default: '', describe: say(m.flagReason) })
          .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(previews.flagYes) }),
      run(async (session, flags: CutoverFlags & { reason: string; yes: boolean }) => {
        const view = await confirmMove(session, flags.system, {
          preview: (move) => goPreview(session, move),
          what: previews.goWhat,
          yes: flags.yes,
        })
        return showAccepted(
          session,
          await decide(session, { ...flags, system: view.migration }, 'go'),
          m.didGo,
        )
      }),
    )
    .command(
      'no-go <system>',
      say(m.noGo),
      (y) => reasonFlag(systemArgument(y, say), say),
      run(async (session, flags: CutoverFlags & { reason: string }) =>
        showAccepted(session, await decide(session, flags, 'no-go'), m.didNoGo),
      ),
    )
    .command(
      'abort <system>',
      say(m.abort),
      (y) => reasonFlag(systemArgument(y, say), say),
      run(async (session, flags: CutoverFlags & { reason: string }) =>
        showAccepted(session, await decide(session, flags, 'abort'), m.didAbort),
      ),
    )
  return addCutoverSettle(decisions, context)
}

async function decide(
  session: Session,
  { system, reason }: CutoverFlags & { reason: string },
  decision: 'go' | 'no-go' | 'abort',
): Promise<CommandAnswer> {
  return (await session.api()).call('decideCutover', { params: { system }, body: { decision, reason } })
}

async function schedule(
  session: Session,
  { system, start, end }: CutoverFlags & { start: string; end: string },
) {
  const api = await session.api()
  const before = await api.call('showMigration', { params: { system } })
  const window = windowOf(session, before, start, end)
  const body = {
    startsAt: new Date(window.startsAtMs).toISOString(),
    endsAt: new Date(window.endsAtMs).toISOString(),
  }
  const answer = await api.call('scheduleCutover', { params: { system }, body })
  session.show({ ...answer, ...body, timeZone: before.plan.policy.timeZone }, () =>
    scheduledLines(session, before, answer, window),
  )
  return exitCodes.ok
}

interface Window {
  readonly startsAtMs: number
  readonly endsAtMs: number
}

/** The window in absolute time; a time without an offset is meant in the programme's zone. Throws UsageError. */
function windowOf(session: Session, { plan }: MigrationView, start: string, end: string): Window {
  const { timeZone } = plan.policy
  const instant = (flag: '--start' | '--end', value: string, fromMs: number): number => {
    const instantMs = parseInstant(value, fromMs, timeZone)
    if (instantMs !== undefined) return instantMs
    const from = session.say(flag === '--start' ? m.now : m.start)
    throw new UsageError(sentence(errorMessages.notATime, { flag, value, timeZone, from }))
  }
  const startsAtMs = instant('--start', start, Date.now())
  const endsAtMs = instant('--end', end, startsAtMs)
  if (endsAtMs <= startsAtMs) {
    const moments = new Moments(session, timeZone)
    throw new UsageError(
      sentence(m.endBeforeStart, { start: moments.at(startsAtMs), end: moments.at(endsAtMs), timeZone }),
    )
  }
  return { startsAtMs, endsAtMs }
}

function scheduledLines(
  session: Session,
  { plan, rehearsal }: MigrationView,
  answer: CommandAnswer,
  window: Window,
) {
  const { say } = session
  const { timeZone } = plan.policy
  const moments = new Moments(session, timeZone)
  const { startsAtMs, endsAtMs } = window
  const what = say(m.scheduled, {
    from: moments.at(startsAtMs),
    to: moments.at(endsAtMs),
    timeZone,
    length: moments.length(endsAtMs - startsAtMs),
  })
  const { migration, sequence } = answer
  const accepted = say(migrationMessages.accepted, { migration, what, sequence })
  if (rehearsal === undefined) return [accepted]
  const { cutoverMs, rollbackMs } = rehearsal
  return [
    accepted,
    say(m.rehearsedNeeds, { cutover: moments.needed(cutoverMs), rollback: moments.needed(rollbackMs) }),
    say(m.latestRollback, { at: moments.until(endsAtMs - rollbackMs) }),
  ]
}
