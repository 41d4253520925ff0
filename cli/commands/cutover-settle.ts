import { dumpName, type KeptDump, type MigrationView, type SidesView } from '../../api/contract.ts'
import { type GiveUpFlags, keptDump } from '../command-line/kept-dump.ts'
import { giveUpMessages as giving } from '../messages/give-up.ts'
import { reasonFlag, systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { previewMessages as previews } from '../messages/preview.ts'
import { cutoverMessages as m } from '../messages/switching.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { showAccepted } from '../views/accepted.ts'
import { sideOf } from '../views/preview.ts'

interface SettleFlags extends GlobalFlags, GiveUpFlags {
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
        .option('give-up', { type: 'string', describe: say(giving.flag) })
        .option('dataset', { type: 'string', describe: say(giving.flagDataset) })
        .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(previews.flagYes) }),
    run(settle),
  )

async function settle(session: Session, flags: SettleFlags) {
  const { system, reason, yes, 'new-side-gone': newSideGone } = flags
  const giveUp = keptDump(flags)
  const api = await session.api()
  const sides = await api.call('showSides', { params: { system } })
  const view = await confirmMove(session, system, {
    preview: (move) => preview(session, move, sides, { newSideGone, giveUp }),
    what: m.settleWhat,
    yes,
  })
  const answer = await api.call('settleCutover', {
    params: { system: view.migration },
    body: { reason, ...(newSideGone ? { newSideGone } : {}), ...(giveUp && { giveUp }) },
  })
  return showAccepted(session, answer, m.didSettle)
}

/** What was found on the servers, and what is done with it, before it is confirmed. */
function preview(
  { say, paint }: Session,
  view: MigrationView,
  sides: SidesView,
  { newSideGone, giveUp }: { readonly newSideGone: boolean; readonly giveUp: KeptDump | undefined },
): string[] {
  return [
    paint.strong(say(m.settlePreview, { name: view.name, system: view.system })),
    say(m.settleOld, { side: sideOf(view, 'source'), found: sides.old }),
    say(m.settleNew, { side: sideOf(view, 'target'), found: sides.new }),
    ...(giveUp
      ? [
          paint.warn(say(giving.agreed, { dump: dumpName(giveUp) })),
          paint.warn(say(giving.dropsNew, { side: sideOf(view, 'target') })),
        ]
      : [
          paint.warn(
            say(m.settleWill, { settling: newSideGone ? sides.settlingWithoutNewSide : sides.settling }),
          ),
        ]),
  ]
}
