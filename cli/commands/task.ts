import type { Argv } from 'yargs'

import type { MigrationSummary, Role, TaskView } from '../../api/contract.ts'
import { showAccepted } from '../views/accepted.ts'
import { systemArgument, watchFlag } from '../command-line/arguments.ts'
import type { AddCommands } from '../command-line/command-line.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import type { Say } from '../language/message.ts'
import { taskMessages as m } from '../messages/task.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'
import { table } from '../terminal/table.ts'
import { Moments } from '../views/moment.ts'

type TaskFlags = GlobalFlags & { readonly system: string; readonly task: string }

export const addTaskCommands: AddCommands = (argv, { say, run }) =>
  argv
    .command(
      'list',
      say(m.list),
      (y) => watchFlag(y, say).option('all', { type: 'boolean', default: false, describe: say(m.flagAll) }),
      run(list),
    )
    .command('show <system> <task>', say(m.show), (y) => taskArguments(y, say), run(show))
    .command(
      'take <system> <task>',
      say(m.take),
      (y) => taskArguments(y, say).option('reason', { type: 'string', describe: say(m.flagTakeReason) }),
      run(take),
    )
    .command(
      'complete <system> <task>',
      say(m.complete),
      (y) => completeFlags(y, say),
      run(
        async (
          session,
          flags: TaskFlags & { note: string; evidence: string[]; figure: string[]; finding: string[] },
        ) => {
          const { completeTask } = await import('../use-cases/complete-task.ts')
          return completeTask(session, flags)
        },
      ),
    )
    .command(
      'sign <system> <task>',
      say(m.sign),
      (y) =>
        taskArguments(y, say).option('yes', {
          alias: 'y',
          type: 'boolean',
          default: false,
          describe: say(m.flagYes),
        }),
      run(async (session, flags: TaskFlags & { yes: boolean }) => {
        const { signTask } = await import('../use-cases/sign-task.ts')
        return signTask(session, flags)
      }),
    )
    .command('accept <system> <task>', say(m.accept), (y) => taskArguments(y, say), run(accept))
    .command(
      'reject <system> <task>',
      say(m.reject),
      (y) =>
        taskArguments(y, say).option('reason', {
          type: 'string',
          demandOption: true,
          describe: say(m.flagReason),
        }),
      run(reject),
    )

const completeFlags = <T>(argv: Argv<T>, say: Say) => {
  const several = (describe: string) =>
    ({ type: 'string', array: true, default: [] as string[], describe }) as const
  return taskArguments(argv, say)
    .option('note', { type: 'string', demandOption: true, describe: say(m.flagNote) })
    .option('evidence', several(say(m.flagEvidence)))
    .option('figure', several(say(m.flagFigure)))
    .option('finding', several(say(m.flagFindingReason)))
}

const taskArguments = <T>(argv: Argv<T>, say: Say) =>
  systemArgument(argv, say).positional('task', {
    type: 'string',
    demandOption: true,
    describe: say(m.argTask),
  })

async function list(session: Session, { all, watch }: GlobalFlags & { all: boolean; watch: boolean }) {
  const api = await session.api()
  const load = async () => (await api.call('listTasks', { query: { all: all ? 'true' : 'false' } })).tasks
  const lines = (tasks: readonly TaskView[]) => taskTable(session, tasks, all)
  if (watch) {
    const { watchList } = await import('../use-cases/watch-list.ts')
    const key = ({ migration, task }: TaskView) => `${migration} ${task.id}`
    return watchList(session, { load, lines, key, mark: ({ task }) => JSON.stringify(task) })
  }
  const [tasks, { decisions, aborted }] = await Promise.all([
    load(),
    all ? nothingElse : besideTasks(session),
  ])
  session.show({ tasks, decisions, aborted }, () => [
    ...lines(tasks),
    ...(decisions.length === 0 ? [] : ['', session.paint.strong(session.say(m.decisions))]),
    ...decisions.flatMap(({ system, text, commands }) => [
      session.say(m.decision, { system, text }),
      ...commands.map((command) => `  ${session.paint.accent(command)}`),
    ]),
    ...(aborted.length === 0 ? [] : ['', session.paint.strong(session.say(m.aborted))]),
    ...aborted.map(({ system, at, reason }) => session.say(m.abortedLine, { system, at, reason })),
  ])
  return exitCodes.ok
}

const nothingElse = { decisions: [], aborted: [] }
/** For so long an abort is told where the tasks of its move would stand. */
const abortToldForMs = 14 * 86_400_000

/** What is no task: what moves wait for from the caller otherwise (a signature, a window, a go, a release), and moves aborted lately. */
async function besideTasks(session: Session) {
  const api = await session.api()
  const [me, { migrations }] = await Promise.all([api.call('me'), api.call('listMigrations')])
  const sinceMs = Date.now() - abortToldForMs
  const wasMovedSince = ({ system, launchedAtMs }: MigrationSummary) =>
    migrations.some((other) => other.system === system && other.launchedAtMs > launchedAtMs)
  const aborted = migrations
    .filter((move) => move.standing === 'aborted' && move.changedAtMs > sinceMs && !wasMovedSince(move))
    .map(({ system, migration, standingReason, changedAtMs, timeZone }) => ({
      system,
      migration,
      at: new Moments(session, timeZone).at(changedAtMs),
      reason: standingReason ?? '',
    }))
  return { decisions: await decisionsOf(session, me, migrations), aborted }
}

async function decisionsOf(
  session: Session,
  me: { readonly role: Role; readonly organisation: string },
  migrations: readonly MigrationSummary[],
) {
  const { nextSteps } = await import('../views/next-steps.ts')
  return migrations.flatMap((move) => {
    const organisations: Partial<Record<Role, string>> = move.organisations
    if ((organisations[me.role] ?? me.organisation) !== me.organisation) return []
    const waitingFor = move.waitingFor
      .filter(({ code, roles }) => code !== 'task' && roles.includes(me.role))
      .map((waiting) => ({ ...waiting, roles: [me.role] }))
    const steps = nextSteps(session, { ...move, waitingFor, tasks: [] }, new Moments(session, move.timeZone))
    return steps.map(({ code, text, commands }) => ({ system: move.system, code, text, commands }))
  })
}

function taskTable({ say, paint, language }: Session, tasks: readonly TaskView[], all: boolean): string[] {
  if (tasks.length === 0) return [say(all ? m.noneAtAll : m.none)]
  const columns = [m.columnSystem, m.columnTask, m.columnState, m.columnAssignee, m.columnTitle]
  return table(
    columns.map((title) => say(title)),
    tasks.map(({ system, profile, tracked, task }) => [
      `${system}${profile === 'lab' ? ` ${paint.warn(`[${say(m.lab)}]`)}` : ''}${tracked ? ` ${paint.warn(`[${say(m.tracked)}]`)}` : ''}`,
      task.id,
      say(names.taskState[task.state]),
      `${say(names.role[task.assignee.role])} (${task.assignee.organisation})`,
      task.title[language],
    ]),
    paint.strong,
  )
}

async function show(session: Session, { system, task }: TaskFlags) {
  const view = await (await session.api()).call('showTask', { params: { migration: system, task } })
  const { taskLines } = await import('../views/task.ts')
  const { findingLines } = await import('../views/finding.ts')
  const { findingsOf } = await import('../use-cases/findings.ts')
  const findings =
    session.json || !isAboutFindings(view)
      ? []
      : findingLines(session, await findingsOf(session, view.migration))
  session.show(view, () => [...taskLines(session, view), ...findings])
  return exitCodes.ok
}

const isAboutFindings = ({ task }: TaskView): boolean =>
  task.kind === 'accept-findings' || task.kind === 'adapt-code'

async function take(session: Session, { system, task, reason }: TaskFlags & { reason: string | undefined }) {
  const params = { migration: system, task }
  const body = reason === undefined ? {} : { reason }
  const answer = await (await session.api()).call('takeTask', { params, body })
  return showAccepted(session, answer, m.didTake)
}

async function accept(session: Session, { system, task }: TaskFlags) {
  const answer = await (await session.api()).call('acceptTask', { params: { migration: system, task } })
  return showAccepted(session, answer, m.didAccept)
}

async function reject(session: Session, { system, task, reason }: TaskFlags & { reason: string }) {
  const params = { migration: system, task }
  const answer = await (await session.api()).call('rejectTask', { params, body: { reason } })
  return showAccepted(session, answer, m.didReject)
}
