import { basename, dirname } from 'node:path'

import type { AnswerOf, BodyInput, Routes } from '../../api/contract.ts'
import type { InputProblem } from '../../domain/errors.ts'
import type { Argv } from 'yargs'
import { countFlag } from '../command-line/arguments.ts'
import { bindings } from '../command-line/bindings.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { confirmByTyping } from '../terminal/confirm.ts'
import { UsageError } from '../command-line/errors.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import { sentence, speak, type Say } from '../language/message.ts'
import { errorMessages } from '../messages/errors.ts'
import { playbookMessages as m } from '../messages/playbook.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { table } from '../terminal/table.ts'

type Occasion = BodyInput<Routes['planPlaybook']>
type OccasionFlags = GlobalFlags & {
  readonly playbook: string
  readonly plan: string
  readonly host: string[]
  readonly database: string[]
  readonly input: string[]
}

export const addPlaybookCommands: AddCommands = (argv, { say, run }) =>
  argv
    .command('list', say(m.list), (y) => y, run(list))
    .command('schema', say(m.schema), (y) => y, run(schema))
    .command(
      'lint <file..>',
      say(m.lint),
      (y) =>
        y.positional('file', { type: 'string', array: true, demandOption: true, describe: say(m.argFile) }),
      run(lint),
    )
    .command('plan <playbook>', say(m.plan), (y) => occasionFlags(y, say), run(plan))
    .command(
      'run <playbook>',
      say(m.run),
      (y) =>
        occasionFlags(y, say).option('yes', {
          alias: 'y',
          type: 'boolean',
          default: false,
          describe: say(m.flagYes),
        }),
      run(runPlaybook),
    )
    .command(
      'runs',
      say(m.runs),
      (y) => y.option('limit', { type: 'string', default: '50', describe: say(m.flagLimit) }),
      run(listRuns),
    )
    .command(
      'watch <run>',
      say(m.watch),
      (y) => y.positional('run', { type: 'string', demandOption: true, describe: say(m.argRun) }),
      run(watch),
    )

const occasionFlags = <T>(argv: Argv<T>, say: Say) =>
  argv
    .positional('playbook', { type: 'string', demandOption: true, describe: say(m.argPlaybook) })
    .option('plan', { type: 'string', demandOption: true, describe: say(m.flagPlan) })
    .option('host', { type: 'string', array: true, default: [] as string[], describe: say(m.flagHost) })
    .option('database', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: say(m.flagDatabase),
    })
    .option('input', { type: 'string', array: true, default: [] as string[], describe: say(m.flagInput) })

async function list(session: Session) {
  const { playbooks } = await (await session.api()).call('listPlaybooks')
  const { say, paint } = session
  session.show({ playbooks }, () =>
    playbooks.length === 0
      ? [say(m.empty)]
      : table(
          [m.columnName, m.columnDigest, m.columnSize].map((title) => say(title)),
          playbooks.map(({ name, digest, sizeBytes }) => [name, digest, String(sizeBytes)]),
          paint.strong,
        ),
  )
  return exitCodes.ok
}

async function schema(session: Session) {
  const document = await (await session.api()).call('playbookSchema')
  session.show(document, () => JSON.stringify(document, null, 2).split('\n'))
  return exitCodes.ok
}

async function lint(session: Session, { file: files }: GlobalFlags & { file: string[] }) {
  const api = await session.api()
  const answers: LintedFile[] = []
  for (const file of files) {
    const folder = await folderOf(file)
    const { digest, files: digests } = folder.ref
    const text = folder.files.get('playbook.yaml')
    const { problems } =
      text === undefined
        ? { problems: [] }
        : await api.call('lintPlaybook', { body: { text, files: digests } })
    answers.push({ file, digest, problems: [...inAnswer(folder.problems), ...problems] })
  }
  session.show({ files: answers }, () => answers.flatMap((answer) => lintLines(session, answer)))
  return answers.every(({ problems }) => problems.length === 0) ? exitCodes.ok : exitCodes.refused
}

/** The folder a playbook is in; it may be named by its `playbook.yaml`. Throws UsageError. */
async function folderOf(path: string) {
  const { readPlaybookFolder } = await import('../../config/playbooks.ts')
  try {
    return await readPlaybookFolder(basename(path) === 'playbook.yaml' ? dirname(path) : path)
  } catch (error) {
    const cause = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new UsageError(sentence(errorMessages.unreadableFile, { path, cause }))
  }
}

/** What this machine found, as the server would say it. */
const inAnswer = (problems: readonly InputProblem[]): LintedFile['problems'] =>
  problems.map(({ path, message, said: { code, values } }) => ({
    path,
    message,
    said: { code, values: { ...values } },
  }))

type LintedFile = AnswerOf<Routes['lintPlaybook']> & { readonly file: string }

function lintLines({ say, paint }: Session, { file, digest, problems }: LintedFile) {
  if (problems.length === 0) return [paint.good(say(m.lintGood, { file, digest }))]
  return [
    ...problems.map(({ path, said: message }) =>
      say(m.lintProblem, { file, path: path === '' ? say(m.whole) : path, message }),
    ),
    paint.bad(say(m.lintBad, { file, count: problems.length })),
  ]
}

async function plan(session: Session, flags: OccasionFlags) {
  const params = { name: flags.playbook }
  const answer = await (await session.api()).call('planPlaybook', { params, body: occasionOf(flags) })
  session.show(answer, () => [
    session.say(m.planOf, { playbook: flags.playbook, digest: answer.digest }),
    ...plannedLines(session, answer.steps),
  ])
  return exitCodes.ok
}

function plannedLines({ say, paint }: Session, steps: AnswerOf<Routes['planPlaybook']>['steps']): string[] {
  const lines = steps.flatMap(({ step, kind, host, outcome, commands }) => {
    const on = host === undefined ? '' : say(m.onHost, { host })
    const changes = outcome === 'would-change' || outcome === 'unknown-until-run'
    const painted = changes ? paint.warn(say(m[outcome])) : paint.quiet(say(m[outcome]))
    return [
      say(m.stepLine, { step: paint.strong(step), kind, on, outcome: painted }),
      ...commands.flatMap(({ title, text, on: where }) => [
        `    # ${title}${where === '' ? '' : ` (${where})`}`,
        ...text.split('\n').map((line) => `    ${line}`),
      ]),
    ]
  })
  const change = steps.filter(({ outcome }) => outcome === 'would-change').length
  return [...lines, say(m.planSummary, { count: steps.length, change })]
}

/** As long as the runner may take to look at a playbook before it runs. */
const beginWithinMs = 90_000

async function runPlaybook(session: Session, flags: OccasionFlags & { yes: boolean }) {
  const { playbook, plan: planName, yes } = flags
  const body = occasionOf(flags)
  const what = speak('en', sentence(m.runWhat, { plan: planName }))
  const quoi = speak('zh', sentence(m.runWhat, { plan: planName }))
  await confirmByTyping(session, playbook, { en: what, zh: quoi }, yes)
  const { runId } = await (
    await session.api()
  ).call('runPlaybook', {
    params: { name: playbook },
    body,
    // An interrupt is heard once the run's id is known: it must be told how to look at it again.
    signal: AbortSignal.timeout(beginWithinMs),
  })
  if (!session.json) session.terminal.note(session.say(m.started, { run: runId }))
  return watch(session, { ...flags, run: runId })
}

async function listRuns(session: Session, flags: GlobalFlags & { limit: string }) {
  const limit = countFlag('--limit', flags.limit, { min: 1, max: 1000 })
  const answer = await (await session.api()).call('listPlaybookRuns', { query: { limit } })
  const { playbookRunTable } = await import('../views/playbook-runs.ts')
  session.show(answer, () => playbookRunTable(session, answer))
  return exitCodes.ok
}

async function watch(session: Session, { run }: GlobalFlags & { run: string }) {
  const { followPlaybookRun } = await import('../use-cases/follow-playbook-run.ts')
  return followPlaybookRun(session, run)
}

/** What the repeated `name=value` flags come to. Throws UsageError. */
function occasionOf({ plan: planName, host, database, input }: OccasionFlags): Occasion {
  return {
    plan: planName,
    hosts: Object.fromEntries(bindings('--host', host, 'app=target')),
    databases: Object.fromEntries(bindings('--database', database, 'from=source')) as NonNullable<
      Occasion['databases']
    >,
    inputs: Object.fromEntries(
      bindings('--input', input, 'rate=30').map(([name, value]) => [name, typed(value)]),
    ),
  }
}

/** `true`, `false` and numbers are meant as such; quote a text that looks like one: name='"30"'. */
function typed(value: string): string | number | boolean {
  if (value === 'true' || value === 'false') return value === 'true'
  if (/^-?\d+(\.\d+)?$/.test(value)) return Number(value)
  return /^".*"$/.test(value) ? value.slice(1, -1) : value
}
