import type { MigrationView, SidesView } from '../../api/contract.ts'
import { reasonFlag, systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { previewMessages as previews } from '../messages/preview.ts'
import { cutoverMessages as m } from '../messages/switching.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { showAccepted } from '../views/accepted.ts'
import { sideOf } from '../views/preview.ts'

interface SettleFlags extends GlobalFlags {
  readonly system: string
  readonly reason: string
  readonly 'new-side-gone': boolean
  readonly yes: boolean
}

export const addCutoverSettle: AddCommands = (argv, { say, run }) =>
  argv.command(
    'settle <system>',
    say(m.settle),
    (y) =>
      reasonFlag(systemArgument(y, say), say)
        .option('new-side-gone', { type: 'boolean', default: false, describe: say(m.flagSettleGone) })
        .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(previews.flagYes) }),
    run(settle),
  )

async function settle(session: Session, { system, reason, yes, 'new-side-gone': newSideGone }: SettleFlags) {
  const api = await session.api()
  const sides = await api.call('showSides', { params: { system } })
  const view = await confirmMove(session, system, {
    preview: (move) => preview(session, move, sides, newSideGone),
    what: m.settleWhat,
    yes,
  })
  const answer = await api.call('settleCutover', {
    params: { system: view.migration },
    body: { reason, ...(newSideGone ? { newSideGone } : {}) },
  })
  return showAccepted(session, answer, m.didSettle)
}

/** What was found on the servers, and what is done with it, before it is confirmed. */
function preview(
  { say, paint }: Session,
  view: MigrationView,
  sides: SidesView,
  newSideGone: boolean,
): string[] {
  return [
    paint.strong(say(m.settlePreview, { name: view.name, system: view.system })),
    say(m.settleOld, { side: sideOf(view, 'source'), found: sides.old }),
    say(m.settleNew, { side: sideOf(view, 'target'), found: sides.new }),
    paint.warn(say(m.settleWill, { settling: newSideGone ? sides.settlingWithoutNewSide : sides.settling })),
  ]
}
