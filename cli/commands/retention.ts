import { releaseTextOf, type MigrationView, type RetentionView } from '../../api/contract.ts'
import { showAccepted } from '../views/accepted.ts'
import { systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { retentionMessages as m } from '../messages/switching.ts'
import { names } from '../../domain/words/catalogue.ts'
import { nameOf } from '../../domain/words/said.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { nameValueLines } from '../terminal/table.ts'
import { Moments } from '../views/moment.ts'
import { wayBackPaint, wayBackReasonsText } from '../views/way-back.ts'
import { openSigningKey } from '../identity/signing-key.ts'
import { releasePreview } from '../views/preview.ts'
import { actorText } from '../views/who.ts'
import { failureText } from '../views/particulars.ts'
import { addRetentionDdl, changeStates } from './retention-ddl.ts'
import { addRetentionRearm } from './retention-rearm.ts'

type RetentionFlags = GlobalFlags & { readonly system: string }

export const addRetentionCommands: AddCommands = (argv, context) => {
  const { say, run } = context
  const statusFirst = argv.command(
    'status <system>',
    say(m.status),
    (y) => systemArgument(y, say),
    run(status),
  )
  return addRetentionRearm(addRetentionDdl(statusFirst, context), context).command(
    'release <system>',
    say(m.release),
    (y) =>
      systemArgument(y, say)
        .option('statement', { type: 'string', demandOption: true, describe: say(m.flagStatement) })
        .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(m.flagYes) }),
    run(release),
  )
}

async function status(session: Session, { system }: RetentionFlags) {
  const view = await (await session.api()).call('showRetention', { params: { system } })
  session.show(view, () => retentionLines(session, view))
  return exitCodes.ok
}

async function release(
  session: Session,
  { system, statement, yes }: RetentionFlags & { statement: string; yes: boolean },
) {
  const key = openSigningKey(session)
  const api = await session.api()
  const by = await api.call('me')
  const textOf = (move: MigrationView) => releaseTextOf(move, { by, statement })
  const view = await confirmMove(session, system, {
    preview: (move) => releasePreview(session, move, { statement, text: textOf(move), keyId: key.keyId }),
    what: m.releaseWhat,
    yes,
  })
  const signedText = textOf(view)
  const answer = await api.call('releaseRetention', {
    params: { system: view.migration },
    body: { statement, keyId: key.keyId, signature: key.sign(signedText), signedText },
  })
  return showAccepted(session, answer, m.didRelease)
}

function retentionLines(session: Session, view: RetentionView): string[] {
  const { say, paint } = session
  const moments = new Moments(session, session.timeZone)
  const { release: released, startedAtMs, untilMs } = view
  const lab = view.profile === 'lab' ? `  ${paint.warn(`[${say(m.lab)}]`)}` : ''
  const lines = nameValueLines(
    [
      [say(m.move), `${view.migration} (${view.system})${lab}`],
      [say(m.state), say(m[view.state])],
      [say(m.since), startedAtMs === undefined ? undefined : moments.since(startedAtMs)],
      [say(m.until), untilMs === undefined ? undefined : moments.until(untilMs)],
      [say(m.wayBack), wayBackLine(session, view, moments)],
      [say(m.datasets), datasetLines(session, view, moments)],
      [say(m.schemaChange), schemaChangeLines(session, view, moments)],
      [
        say(m.releaseLabel),
        released &&
          say(m.releaseLine, {
            actor: actorText(session, released.by),
            at: moments.at(released.atMs),
            statement: released.statement,
          }),
      ],
      [say(m.looks), view.measurements.slice(0, 5).map((look) => lookLine(session, look, moments))],
    ],
    paint.quiet,
  )
  return [...lines, '', paint.quiet(say(m.timesIn, { timeZone: session.timeZone }))]
}

function wayBackLine(
  { say, paint, language }: Session,
  { wayBack }: RetentionView,
  moments: Moments,
): string {
  const { state, reasons, atMs } = wayBack
  const painted = wayBackPaint(paint, state)(say(names.wayBack[state]))
  const line =
    atMs === undefined ? painted : say(m.wayBackSince, { state: painted, since: moments.since(atMs) })
  return reasons.length === 0
    ? line
    : say(m.reasons, { line, reasons: wayBackReasonsText(language, reasons) })
}

/** How far the old side has followed, by the newest look: each dataset, and what holds it up. */
function datasetLines(
  { say, paint, language }: Session,
  { measurements }: RetentionView,
  moments: Moments,
): string[] {
  const [newest] = measurements
  if (newest === undefined) return []
  return Object.entries(newest.datasets).map(([dataset, { channel, lagMs, figures, reasons }]) => {
    const state = nameOf(language, 'channel', channel)
    const line = say(m.datasetLine, {
      dataset,
      channel: channel === 'running' ? state : paint.warn(state),
      at: lagMs === undefined ? say(m.unknown) : moments.until(newest.atMs - lagMs),
      figures: Object.entries(figures).map(
        ([name, figure]) => `${nameOf(language, 'figure', name)} ${String(figure)}`,
      ),
    })
    return reasons.length === 0
      ? line
      : say(m.reasons, { line, reasons: wayBackReasonsText(language, reasons) })
  })
}

/** The newest schema change made on both sides, and what became of it. */
function schemaChangeLines(
  session: Session,
  { schemaChange }: RetentionView,
  moments: Moments,
): string[] | undefined {
  if (schemaChange === undefined) return undefined
  const { say, paint, language } = session
  const { state, atMs, by, statements, failure, heldMs, newTables = [] } = schemaChange
  const painted = (state === 'failed' ? paint.bad : state === 'refused' ? paint.warn : paint.quiet)(
    say(changeStates[state]),
  )
  return [
    say(m.schemaChangeLine, {
      state: painted,
      since: moments.since(atMs),
      actor: actorText(session, by),
      statements: statements.join('; '),
    }),
    ...(failure === undefined ? [] : [paint.warn(failureText(language, failure))]),
    ...(heldMs === undefined ? [] : [say(m.schemaChangeHeld, { heldMs, tables: newTables })]),
  ]
}

function lookLine(
  { say, paint, language }: Session,
  look: RetentionView['measurements'][number],
  moments: Moments,
): string {
  const side = (reachable: boolean): string => (reachable ? say(m.reachable) : paint.bad(say(m.unreachable)))
  return say(m.lookLine, {
    at: moments.at(look.atMs),
    old: side(look.oldSideReachable),
    new: side(look.newSideReachable),
    datasets: Object.entries(look.datasets).map(([dataset, { channel, lagMs }]) =>
      say(m.lookDataset, {
        dataset,
        channel: nameOf(language, 'channel', channel),
        age: lagMs === undefined ? say(m.unknown) : moments.length(lagMs),
      }),
    ),
  })
}
