import type { MigrationView, SidesView } from '../../api/contract.ts'
import { reasonFlag, systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { previewMessages as previews } from '../messages/preview.ts'
import { cutoverMessages as sideMessages } from '../messages/switching.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { showAccepted } from '../views/accepted.ts'
import { endedOutsideLines } from '../views/ended-outside.ts'
import { Moments } from '../views/moment.ts'
import { sideOf } from '../views/preview.ts'

interface RecoverFlags extends GlobalFlags {
  readonly system: string
  readonly reason: string
  readonly yes: boolean
}

export const addMigrationRecover: AddCommands = (argv, { say, run }) =>
  argv.command(
    'recover <system>',
    say(m.recover),
    (y) =>
      reasonFlag(systemArgument(y, say), say).option('yes', {
        alias: 'y',
        type: 'boolean',
        default: false,
        describe: say(previews.flagYes),
      }),
    run(recover),
  )

async function recover(session: Session, { system, reason, yes }: RecoverFlags) {
  const api = await session.api()
  const sides = await api.call('showSides', { params: { system } })
  const view = await confirmMove(session, system, {
    preview: (move) => preview(session, move, sides),
    what: m.recoverWhat,
    yes,
  })
  const params = { system: view.migration }
  return showAccepted(session, await api.call('recoverMove', { params, body: { reason } }), m.didRecover)
}

/** How the workflow ended, what was found on the servers, and what is done with it. */
function preview(session: Session, view: MigrationView, sides: SidesView): string[] {
  const { say, paint } = session
  return [
    paint.strong(say(m.recoverPreview, { name: view.name, system: view.system })),
    ...endedOutsideLines(session, view, new Moments(session, view.plan.policy.timeZone)),
    say(sideMessages.settleOld, { side: sideOf(view, 'source'), found: sides.old }),
    say(sideMessages.settleNew, { side: sideOf(view, 'target'), found: sides.new }),
    ...(sides.recovering ?? []).map((recovering) => paint.warn(say(m.recoverWill, { recovering }))),
  ]
}
