import type { MigrationView, SidesView } from '../../api/contract.ts'
import { names } from '../../domain/words/catalogue.ts'
import { reasonFlag, systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { retentionMessages as m } from '../messages/switching.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { showAccepted } from '../views/accepted.ts'
import { sideOf } from '../views/preview.ts'

interface RearmFlags extends GlobalFlags {
  readonly system: string
  readonly reason: string
  readonly yes: boolean
}

export const addRetentionRearm: AddCommands = (argv, { say, run }) =>
  argv.command(
    'rearm <system>',
    say(m.rearm),
    (y) =>
      reasonFlag(systemArgument(y, say), say).option('yes', {
        alias: 'y',
        type: 'boolean',
        default: false,
        describe: say(m.flagYes),
      }),
    run(rearm),
  )

async function rearm(session: Session, { system, reason, yes }: RearmFlags) {
  const api = await session.api()
  const sides = await api.call('showSides', { params: { system } })
  const view = await confirmMove(session, system, {
    preview: (move) => preview(session, move, sides),
    what: m.rearmWhat,
    yes,
  })
  const answer = await api.call('rearmWayBack', { params: { system: view.migration }, body: { reason } })
  return showAccepted(session, answer, m.didRearm)
}

/** What is removed, and what holds until it is there again, before it is confirmed. */
function preview({ say, paint }: Session, view: MigrationView, sides: SidesView): string[] {
  const state = say(names.wayBack[view.wayBack])
  return [
    paint.strong(say(m.rearmPreview, { name: view.name, system: view.system })),
    say(m.rearmFound, { side: sideOf(view, 'source'), found: sides.old, state }),
    paint.warn(say(m.rearmEmptied, { target: sideOf(view, 'target') })),
    paint.warn(say(m.rearmMeanwhile)),
  ]
}
