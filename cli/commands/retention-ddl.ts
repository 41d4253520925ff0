import { excerptOf, sqlStatements, type MigrationView, type RetentionView } from '../../api/contract.ts'
import type { Message } from '../../domain/words/message.ts'
import { systemArgument } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { readText } from '../command-line/read-file.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { retentionMessages as m } from '../messages/switching.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { showAccepted } from '../views/accepted.ts'
import { sideOf } from '../views/preview.ts'

interface DdlFlags extends GlobalFlags {
  readonly system: string
  readonly file: string
  readonly reason: string
  readonly dataset: string | undefined
  readonly role: string | undefined
  readonly yes: boolean
}

export const addRetentionDdl: AddCommands = (argv, { say, run }) =>
  argv.command(
    'ddl <system> <file>',
    say(m.ddl),
    (y) =>
      systemArgument(y, say)
        .positional('file', { type: 'string', demandOption: true, describe: say(m.ddlFile) })
        .option('reason', { type: 'string', demandOption: true, describe: say(m.flagDdlReason) })
        .option('dataset', { type: 'string', describe: say(m.flagDataset) })
        .option('role', { type: 'string', describe: say(m.flagRole) })
        .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(m.flagYes) }),
    run(changeSchema),
  )

async function changeSchema(session: Session, { system, file, reason, dataset, role, yes }: DdlFlags) {
  const sql = readText(file)
  const view = await confirmMove(session, system, {
    preview: (move) => ddlPreview(session, move, sql),
    what: m.ddlWhat,
    yes,
  })
  const answer = await (
    await session.api()
  ).call('changeSchema', {
    params: { system: view.migration },
    body: { sql, reason, ...(dataset && { dataset }), ...(role && { role }) },
  })
  return showAccepted(session, answer, m.didDdl)
}

/** What the change is, and what is done with it, before it is confirmed. */
function ddlPreview({ say, paint }: Session, view: MigrationView, sql: string): string[] {
  const sides = { source: sideOf(view, 'source'), target: sideOf(view, 'target') }
  return [
    paint.strong(say(m.ddlPreview, { name: view.name, system: view.system })),
    ...sqlStatements(sql).map((statement, index) =>
      say(m.ddlStatement, { n: index + 1, statement: excerptOf(statement) }),
    ),
    say(m.ddlTried, sides),
    say(m.ddlMade, sides),
  ]
}

type Change = NonNullable<RetentionView['schemaChange']>

/** How the state of a schema change is called. */
export const changeStates = {
  running: m.changeRunning,
  made: m.changeMade,
  refused: m.changeRefused,
  failed: m.changeFailed,
} as const satisfies Readonly<Record<Change['state'], Message>>
