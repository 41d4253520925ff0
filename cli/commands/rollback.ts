import type { MigrationView } from '../../api/contract.ts'
import { showAccepted } from '../accepted.ts'
import { systemArgument } from '../arguments.ts'
import type { AddCommands } from '../command-line.ts'
import { confirmMove } from '../confirm-move.ts'
import { rollbackMessages as m } from '../messages/switching.ts'
import { phaseNames, wayBackNames } from '../messages/words.ts'
import type { GlobalFlags, Session } from '../session.ts'
import { sideOf } from '../views/preview.ts'

export const addRollbackArguments: AddCommands = (argv, { say, run }) =>
  argv.command(
    'rollback <system>',
    say(m.describe),
    (y) =>
      systemArgument(y, say)
        .option('reason', { type: 'string', demandOption: true, describe: say(m.flagReason) })
        .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(m.flagYes) }),
    run(rollBack),
  )

async function rollBack(
  session: Session,
  { system, reason, yes }: GlobalFlags & { system: string; reason: string; yes: boolean },
) {
  const view = await confirmMove(session, system, {
    preview: (move) => preview(session, move),
    what: m.what,
    yes,
  })
  const answer = await (
    await session.api()
  ).call('rollBack', { params: { system: view.migration }, body: { reason } })
  return showAccepted(session, answer, m.did)
}

/** What going back means, before it is confirmed. */
function preview({ say, paint }: Session, view: MigrationView): string[] {
  const isSwitched = view.switches.at(-1)?.kind === 'cutover'
  const wayBack = view.retention?.wayBack
  const reasons =
    wayBack === undefined || wayBack.reasons.length === 0 ? '' : ` (${wayBack.reasons.join(', ')})`
  return [
    paint.strong(say(m.preview, { name: view.name, system: view.system })),
    ...(isSwitched
      ? [say(m.serves, { target: sideOf(view, 'target'), source: sideOf(view, 'source') })]
      : []),
    wayBack
      ? say(m.wayBack, { state: say(wayBackNames[wayBack.state]), reasons })
      : say(m.noRetention, { phase: say(phaseNames[view.phase]) }),
    say(m.afterwards),
  ]
}
