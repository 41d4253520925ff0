import { names } from '../../domain/words/catalogue.ts'
import type { MigrationView } from '../../api/contract.ts'
import { showAccepted } from '../views/accepted.ts'
import { systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { rollbackMessages as m } from '../messages/switching.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { Moments } from '../views/moment.ts'
import { wayBackReasonsText } from '../views/way-back.ts'
import { sideOf } from '../views/preview.ts'

export const addRollbackArguments: AddCommands = (argv, { say, run }) =>
  argv.command(
    'rollback <system>',
    say(m.describe),
    (y) =>
      systemArgument(y, say)
        .option('reason', { type: 'string', demandOption: true, describe: say(m.flagReason) })
        .option('new-side-gone', { type: 'boolean', default: false, describe: say(m.flagNewSideGone) })
        .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(m.flagYes) }),
    run(rollBack),
  )

interface RollbackFlags extends GlobalFlags {
  readonly system: string
  readonly reason: string
  readonly 'new-side-gone': boolean
  readonly yes: boolean
}

async function rollBack(
  session: Session,
  { system, reason, yes, 'new-side-gone': newSideGone }: RollbackFlags,
) {
  const api = await session.api()
  const lost = newSideGone ? await lostLines(session, system) : []
  const view = await confirmMove(session, system, {
    preview: (move) => [...preview(session, move), ...lost],
    what: newSideGone ? m.whatAlone : m.what,
    yes,
  })
  const body = { reason, ...(newSideGone ? { newSideGone } : {}) }
  const answer = await api.call('rollBack', { params: { system: view.migration }, body })
  return showAccepted(session, answer, newSideGone ? m.didAlone : m.did)
}

/** What going back without the new side costs: everything it took that had not arrived. */
async function lostLines(session: Session, system: string): Promise<string[]> {
  const { say, paint, timeZone } = session
  const api = await session.api()
  const { oldSideCurrentUntilMs: current } = await api.call('showRetention', { params: { system } })
  if (current === undefined) return []
  const moments = new Moments(session, timeZone)
  return [
    paint.warn(say(m.gone)),
    ...Object.entries(current).map(([dataset, untilMs]) =>
      say(m.currentUntil, { dataset, at: moments.until(untilMs), timeZone }),
    ),
    paint.warn(say(m.lost)),
  ]
}

/** What going back means, before it is confirmed. */
function preview({ say, paint, language }: Session, view: MigrationView): string[] {
  const isSwitched = view.switches.at(-1)?.kind === 'cutover'
  const { wayBack, retention } = view
  const because = wayBack === retention?.wayBack.state ? retention.wayBack.reasons : []
  const reasons =
    because.length === 0 ? '' : say(m.because, { reasons: wayBackReasonsText(language, because) })
  return [
    paint.strong(say(m.preview, { name: view.name, system: view.system })),
    ...(isSwitched
      ? [say(m.serves, { target: sideOf(view, 'target'), source: sideOf(view, 'source') })]
      : []),
    say(m.wayBack, { state: say(names.wayBack[wayBack]), reasons }),
    say(m.afterwards),
  ]
}
