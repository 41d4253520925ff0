import type { ImportAnswer, SystemView } from '../../api/contract.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { UsageError } from '../command-line/errors.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { sentence } from '../language/message.ts'
import { errorMessages } from '../messages/errors.ts'
import { systemMessages as m } from '../messages/ledger.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { nameValueLines, table } from '../terminal/table.ts'

export const addSystemCommands: AddCommands = (argv, { say, run }) =>
  argv
    .command(
      'import <file>',
      say(m.import),
      (y) =>
        y
          .positional('file', { type: 'string', demandOption: true, describe: say(m.argFile) })
          .option('partial', { type: 'boolean', default: false, describe: say(m.flagPartial) }),
      run(importSystems),
    )
    .command('list', say(m.list), (y) => y, run(list))
    .command(
      'show <system>',
      say(m.show),
      (y) => y.positional('system', { type: 'string', demandOption: true, describe: say(m.argSystem) }),
      run(show),
    )

async function importSystems(
  session: Session,
  { file, partial }: GlobalFlags & { file: string; partial: boolean },
) {
  const { readBytes, readYaml } = await import('../command-line/read-file.ts')
  const query = { partial: partial ? 'true' : 'false' } as const
  const input = /\.csv$/i.test(file)
    ? { query, bytes: { type: 'text/csv', content: readBytes(file) } }
    : { query, body: systemsOf(file, readYaml(file)) }
  const answer = await (await session.api()).call('importSystems', input)
  session.show(answer, () => importLines(session, answer))
  return answer.problems === 0 ? exitCodes.ok : exitCodes.refused
}

/** A list of systems, alone or under `systems`; one system alone is a list of one. */
function systemsOf(path: string, content: unknown): unknown[] {
  if (Array.isArray(content)) return content
  if (content !== null && typeof content === 'object') {
    if ('systems' in content && Array.isArray(content.systems)) return content.systems
    if ('system' in content) return [content]
  }
  throw new UsageError(sentence(errorMessages.notAList, { path }))
}

function importLines({ say, paint }: Session, answer: ImportAnswer): string[] {
  const { created, updated, unchanged, problems } = answer
  const bad = answer.rows.flatMap(({ row, system, problems: found }) =>
    found.map(({ path, said: message }) => paint.bad(say(m.rowProblem, { row, system, path, message }))),
  )
  const nothing = problems > 0 && created + updated + unchanged === 0 ? [say(m.nothingTaken)] : []
  const moves = (answer.moves ?? []).map(({ system, migration, told }) =>
    paint.warn(say(told ? m.moveTold : m.moveToBeTold, { system, migration })),
  )
  return [...bad, say(m.imported, { created, updated, unchanged, problems }), ...nothing, ...moves]
}

async function list(session: Session) {
  const { systems } = await (await session.api()).call('listSystems')
  const { say, paint } = session
  const columns = [
    m.columnSystem,
    m.columnName,
    m.columnDepartment,
    m.columnVendor,
    m.columnLevel,
    m.columnClassified,
    m.columnState,
    m.columnMigration,
  ]
  session.show({ systems }, () =>
    systems.length === 0
      ? [say(m.empty, { program: session.program })]
      : table(
          columns.map((title) => say(title)),
          systems.map((each) => [
            each.system,
            each.name,
            each.department,
            each.vendor ?? '-',
            known(say, each.mlpsLevel),
            classified(say, each),
            say(names.systemState[each.state]),
            each.migration ?? '-',
          ]),
          paint.strong,
        ),
  )
  return exitCodes.ok
}

async function show(session: Session, { system }: GlobalFlags & { system: string }) {
  const view = await (await session.api()).call('showSystem', { params: { system } })
  session.show(view, () => systemLines(session, view))
  return exitCodes.ok
}

const known = (say: Session['say'], cell: string | number): string =>
  cell === 'unknown' ? say(m.unknown) : String(cell)

const classified = (say: Session['say'], view: SystemView): string =>
  view.classified === 'unknown' ? say(m.unknown) : say(view.classified ? m.yes : m.no)

function systemLines({ say, paint }: Session, view: SystemView): string[] {
  return nameValueLines(
    [
      [say(m.system), `${paint.strong(view.name)} (${view.system})`],
      [say(m.state), say(names.systemState[view.state])],
      [say(m.migration), view.migration],
      [say(m.department), view.department],
      [say(m.vendor), view.vendor],
      [say(m.network), known(say, view.network)],
      [say(m.level), known(say, view.mlpsLevel)],
      [say(m.classified), classified(say, view)],
      [
        say(m.downtime),
        view.acceptableDowntimeHours === undefined
          ? undefined
          : say(m.downtimeLine, { hours: view.acceptableDowntimeHours }),
      ],
      [say(m.description), view.description === '' ? undefined : view.description.split('\n')],
    ],
    paint.quiet,
  )
}
