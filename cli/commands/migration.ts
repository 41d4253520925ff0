import type { Argv } from 'yargs'

import { addMigrationRecover } from './migration-recover.ts'
import { showAccepted } from '../views/accepted.ts'
import { countFlag, durationFlag, reasonFlag, systemArgument, watchFlag } from '../command-line/arguments.ts'
import type { AddCommands, Door, GlobalArgv } from '../command-line/command-line.ts'
import { confirmByTyping } from '../terminal/confirm.ts'
import { confirmMove } from '../use-cases/confirm-move.ts'
import { exitCodes } from '../command-line/exit-code.ts'
import type { Say } from '../language/message.ts'
import type { Message } from '../../domain/words/message.ts'
import { factsMessages } from '../messages/facts.ts'
import { migrationMessages as m } from '../messages/migration.ts'
import { previewMessages as previews } from '../messages/preview.ts'
import { names } from '../../domain/words/catalogue.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'

export const addMigrationCommands: AddCommands = (argv, door) => {
  const { say, run } = door
  const withReads = argv
    .command(
      'launch <plan>',
      say(m.launch),
      (y) => y.positional('plan', { type: 'string', demandOption: true, describe: say(m.argPlan) }),
      run(launch),
    )
    .command('list', say(m.list), (y) => watchFlag(y, say), run(list))
    .command(
      'show <system>',
      say(m.show),
      (y) => watchFlag(followFlags(systemArgument(y, say), say), say),
      run(show),
    )
    .command('watch <system>', say(m.watch), (y) => followFlags(systemArgument(y, say), say), run(watch))
    .command(
      'facts <system> [digest]',
      say(factsMessages.facts),
      (y) =>
        systemArgument(y, say).positional('digest', {
          type: 'string',
          describe: say(factsMessages.argDigest),
        }),
      run(facts),
    )
  return addMigrationRecover(addSteering(withReads, door), door)
}

const followFlags = <T>(argv: Argv<T>, say: Say) =>
  argv
    .option('events', { type: 'string', default: '10', describe: say(m.flagEvents) })
    .option('exit-when', { type: 'string', describe: say(m.flagExitWhen) })
    .option('timeout', { type: 'string', describe: say(m.flagTimeout) })

/** The verbs that tell a move to stop, to go on, to try again. */
function addSteering(argv: GlobalArgv, { say, run }: Door): GlobalArgv {
  const stepOption = <T>(y: Argv<T>) => y.option('step', { type: 'string', describe: say(m.argStep) })
  const noteOption = <T>(y: Argv<T>) =>
    y.option('note', { type: 'string', default: '', describe: say(m.flagNote) })
  const withReason = (name: 'pause' | 'hold', describe: Message, done: Message): void => {
    argv.command(
      `${name} <system>`,
      say(describe),
      (y) => reasonFlag(systemArgument(y, say), say),
      run(async (session, { system, reason }: SystemFlags & { reason: string }) => {
        const api = await session.api()
        return showAccepted(session, await api.call(name, { params: { system }, body: { reason } }), done)
      }),
    )
  }
  withReason('pause', m.pause, m.didPause)
  withReason('hold', m.hold, m.didHold)
  return argv
    .command(
      'abort <system>',
      say(m.abort),
      (y) =>
        reasonFlag(systemArgument(y, say), say).option('yes', {
          alias: 'y',
          type: 'boolean',
          default: false,
          describe: say(previews.flagYes),
        }),
      run(abort),
    )
    .command('resume <system>', say(m.resume), (y) => noteOption(systemArgument(y, say)), run(resume))
    .command(
      'retry <system>',
      say(m.retry),
      (y) => stepOption(noteOption(systemArgument(y, say))),
      run(retry),
    )
    .command(
      'skip <system>',
      say(m.skip),
      (y) => stepOption(reasonFlag(systemArgument(y, say), say)),
      run(skip),
    )
    .command(
      'acknowledge-end <system>',
      say(m.acknowledgeEnd),
      (y) =>
        reasonFlag(systemArgument(y, say), say)
          .option('serves', { choices: ['old', 'new'] as const, describe: say(m.flagServes) })
          .option('yes', { alias: 'y', type: 'boolean', default: false, describe: say(m.flagYes) }),
      run(acknowledgeEnd),
    )
}

type SystemFlags = GlobalFlags & { readonly system: string }
type StepFlags = SystemFlags & { readonly step: string | undefined }
type FollowFlags = SystemFlags & {
  readonly events: string
  /** A list where it is given several times. */
  readonly 'exit-when': string | string[] | undefined
  readonly timeout: string | undefined
}

async function launch(session: Session, { plan }: GlobalFlags & { plan: string }) {
  const answer = await (await session.api()).call('launchMigration', { body: { plan } })
  const { migration, system } = answer
  session.show(answer, () => [session.say(m.launched, { migration, system, program: session.program })])
  return exitCodes.ok
}

async function list(session: Session, flags: GlobalFlags & { watch: boolean }) {
  const api = await session.api()
  const { changeMark } = await import('../use-cases/exit-condition.ts')
  const { migrationTable } = await import('../views/migration-list.ts')
  const load = async () => (await api.call('listMigrations')).migrations
  if (flags.watch) {
    const { watchList } = await import('../use-cases/watch-list.ts')
    return watchList(session, {
      load,
      lines: (moves) => migrationTable(session, moves),
      key: ({ migration }) => migration,
      mark: changeMark,
    })
  }
  const migrations = await load()
  session.show({ migrations }, () => migrationTable(session, migrations))
  return exitCodes.ok
}

async function show(session: Session, flags: FollowFlags & { watch: boolean }) {
  if (flags.watch) return follow(session, flags, 'moves')
  const { exitWhen } = followOptions(flags)
  const { exitCondition } = await import('../use-cases/exit-condition.ts')
  const { migrationLines } = await import('../views/migration.ts')
  const condition = exitCondition(...exitWhen)
  const view = await (await session.api()).call('showMigration', { params: { system: flags.system } })
  session.show(view, () => migrationLines(session, view))
  if (exitWhen.length === 0 || condition(view)) return exitCodes.ok
  const { say } = session
  const phase = say(names.phase[view.phase])
  const state = say(names.standing[view.standing])
  session.terminal.note(say(m.notReached, { condition: exitWhen.join(', '), phase, state }))
  return exitCodes.waiting
}

const watch = async (session: Session, flags: FollowFlags) => follow(session, flags, 'events')

async function follow(session: Session, flags: FollowFlags, jsonLines: 'events' | 'moves') {
  const { watchMigration } = await import('../use-cases/watch-migration.ts')
  return watchMigration(session, { ...followOptions(flags), jsonLines })
}

/** Throws UsageError. */
function followOptions({ system, events, timeout, 'exit-when': exitWhen = [] }: FollowFlags) {
  return {
    system,
    pastEvents: countFlag('--events', events),
    exitWhen: [exitWhen].flat(),
    timeoutMs: timeout === undefined ? undefined : durationFlag('--timeout', timeout),
  }
}

async function facts(
  session: Session,
  { system, digest: beginning }: SystemFlags & { digest: string | undefined },
) {
  const { chosenOf, factsOfMove, fetchFacts } = await import('../use-cases/move-facts.ts')
  const api = await session.api()
  const named = await factsOfMove(api, system)
  if (beginning === undefined) {
    const { factsTable } = await import('../views/facts.ts')
    session.show({ facts: named }, () => factsTable(session, system, named))
    return exitCodes.ok
  }
  const { outline } = await import('../views/outline.ts')
  const bytes = await fetchFacts(api, system, chosenOf(named, beginning))
  const document: unknown = JSON.parse(new TextDecoder().decode(bytes))
  session.show(document, () => outline(document))
  return exitCodes.ok
}

async function resume(session: Session, { system, note }: SystemFlags & { note: string }) {
  const answer = await (await session.api()).call('resume', { params: { system }, body: { note } })
  return showAccepted(session, answer, m.didResume)
}

async function retry(session: Session, { system, step, note }: StepFlags & { note: string }) {
  const body = { note, ...(step === undefined ? {} : { step }) }
  const answer = await (await session.api()).call('retryStep', { params: { system }, body })
  return showAccepted(session, answer, m.didRetry)
}

async function abort(
  session: Session,
  { system, reason, yes }: SystemFlags & { reason: string; yes: boolean },
) {
  const { abortPreview } = await import('../views/preview.ts')
  const view = await confirmMove(session, system, {
    preview: (move) => abortPreview(session, move),
    what: previews.abortWhat,
    yes,
  })
  const answer = await (
    await session.api()
  ).call('abort', { params: { system: view.migration }, body: { reason } })
  return showAccepted(session, answer, m.didAbort)
}

async function skip(session: Session, { system, step, reason }: StepFlags & { reason: string }) {
  const body = { reason, ...(step === undefined ? {} : { step }) }
  const answer = await (await session.api()).call('skipStep', { params: { system }, body })
  return showAccepted(session, answer, m.didSkip)
}

type EndFlags = SystemFlags & {
  readonly reason: string
  readonly serves: 'old' | 'new' | undefined
  readonly yes: boolean
}

async function acknowledgeEnd(session: Session, { system, reason, serves, yes }: EndFlags) {
  const { say, terminal } = session
  const api = await session.api()
  const { migrationLines } = await import('../views/migration.ts')
  const view = await api.call('showMigration', { params: { system } })
  if (!session.json)
    for (const line of [...migrationLines(session, view), '', say(m.acknowledgeForGood)]) terminal.note(line)
  await confirmByTyping(session, view.system, m.acknowledgeWhat, yes)
  const body = { reason, ...(serves === undefined ? {} : { serves }) }
  const answer = await api.call('acknowledgeEnd', { params: { system: view.migration }, body })
  const { migration, sequence } = answer
  session.show(answer, () => {
    const what = say(m.didAcknowledgeEnd, { side: say(names.side[answer.serves]) })
    return [say(m.accepted, { migration, what, sequence })]
  })
  return exitCodes.ok
}
