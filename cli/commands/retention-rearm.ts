import { dumpName, type KeptDump, type MigrationView, type SidesView } from '../../api/contract.ts'
import { type GiveUpFlags, keptDump } from '../command-line/kept-dump.ts'
import { giveUpMessages as giving } from '../messages/give-up.ts'
import { names } from '../../domain/words/catalogue.ts'
import { reasonFlag, systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { retentionMessages as m } from '../messages/switching.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { showAccepted } from '../views/accepted.ts'
import { sideOf } from '../views/preview.ts'

interface RearmFlags extends GlobalFlags, GiveUpFlags {
  readonly system: string
  readonly reason: string
  readonly yes: boolean
}

export const addRetentionRearm: AddCommands = (argv, { say, run }) =>
  argv.command(
    'rearm <system>',
    say(m.rearm),
    (y) =>
      reasonFlag(systemArgument(y, say), say)
        .option('give-up', { type: 'string', describe: say(giving.flag) })
        .option('dataset', { type: 'string', describe: say(giving.flagDataset) })
        .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(m.flagYes) }),
    run(rearm),
  )

async function rearm(session: Session, flags: RearmFlags) {
  const { system, reason, yes } = flags
  const giveUp = keptDump(flags)
  const api = await session.api()
  const sides = await api.call('showSides', { params: { system } })
  const view = await confirmMove(session, system, {
    preview: (move) => preview(session, move, sides, giveUp),
    what: m.rearmWhat,
    yes,
  })
  const answer = await api.call('rearmWayBack', {
    params: { system: view.migration },
    body: { reason, ...(giveUp && { giveUp }) },
  })
  return showAccepted(session, answer, m.didRearm)
}

/** What is removed, and what holds until it is there again, before it is confirmed. */
function preview(
  { say, paint }: Session,
  view: MigrationView,
  sides: SidesView,
  giveUp: KeptDump | undefined,
): string[] {
  const state = say(names.wayBack[view.wayBack])
  return [
    paint.strong(say(m.rearmPreview, { name: view.name, system: view.system })),
    say(m.rearmFound, { side: sideOf(view, 'source'), found: sides.old, state }),
    ...(giveUp
      ? [
          paint.warn(say(giving.agreed, { dump: dumpName(giveUp) })),
          paint.warn(say(giving.emptiesOld, { side: sideOf(view, 'source') })),
        ]
      : []),
    paint.warn(say(giveUp ? m.rearmCopied : m.rearmEmptied, { target: sideOf(view, 'target') })),
    paint.warn(say(m.rearmMeanwhile)),
  ]
}
