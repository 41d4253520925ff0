import yargs, { type Argv } from 'yargs'

import { UsageError } from './errors.ts'
import { exitCodes, type ExitCode } from './exit-code.ts'
import type { Say } from '../language/message.ts'
import type { Language, Message } from '../../domain/words/message.ts'
import { sentence, speaker } from '../language/message.ts'
import { mainMessages as m } from '../messages/main.ts'
import { yargsStrings } from './yargs-strings.ts'
import type { GlobalFlags, Session } from '../identity/session.ts'

/** Thrown for what yargs complains of; its sentence is in the user's language already. */
export class CommandLineError extends UsageError {
  override name = 'CommandLineError'

  constructor(message: string) {
    super(sentence({ en: '{message}', zh: '{message}' }, { message }))
  }
}

/** What a group's commands are added with. */
export interface Door {
  readonly say: Say
  /** Makes a yargs handler of a command's work; what it gives is the exit code, 0 when it gives nothing. */
  readonly run: <Args extends GlobalFlags>(
    work: (session: Session, args: Args) => Promise<ExitCode | undefined>,
  ) => (args: Args) => Promise<void>
}
export type GlobalArgv = Argv<GlobalFlags>
export type AddCommands = (argv: GlobalArgv, door: Door) => GlobalArgv

interface CommandGroup {
  /** As yargs writes commands: a group takes its verb as the next word; `rollback` is a verb itself. */
  readonly command: string
  readonly describe: Message
  readonly load: () => Promise<AddCommands>
}

const groups: Readonly<Record<string, CommandGroup>> = {
  system: {
    command: 'system',
    describe: m.system,
    load: async () => (await import('../commands/system.ts')).addSystemCommands,
  },
  plan: {
    command: 'plan',
    describe: m.plan,
    load: async () => (await import('../commands/plan.ts')).addPlanCommands,
  },
  migration: {
    command: 'migration',
    describe: m.migration,
    load: async () => (await import('../commands/migration.ts')).addMigrationCommands,
  },
  task: {
    command: 'task',
    describe: m.task,
    load: async () => (await import('../commands/task.ts')).addTaskCommands,
  },
  report: {
    command: 'report',
    describe: m.report,
    load: async () => (await import('../commands/report.ts')).addReportCommands,
  },
  signoff: {
    command: 'signoff',
    describe: m.signoff,
    load: async () => (await import('../commands/signoff.ts')).addSignoffCommands,
  },
  cutover: {
    command: 'cutover',
    describe: m.cutover,
    load: async () => (await import('../commands/cutover.ts')).addCutoverCommands,
  },
  rollback: {
    command: 'rollback <system>',
    describe: m.rollback,
    load: async () => (await import('../commands/rollback.ts')).addRollbackArguments,
  },
  retention: {
    command: 'retention',
    describe: m.retention,
    load: async () => (await import('../commands/retention.ts')).addRetentionCommands,
  },
  playbook: {
    command: 'playbook',
    describe: m.playbook,
    load: async () => (await import('../commands/playbook.ts')).addPlaybookCommands,
  },
  secret: {
    command: 'secret',
    describe: m.secret,
    load: async () => (await import('../commands/secret.ts')).addSecretCommands,
  },
  audit: {
    command: 'audit',
    describe: m.audit,
    load: async () => (await import('../commands/audit.ts')).addAuditCommands,
  },
  context: {
    command: 'context',
    describe: m.context,
    load: async () => (await import('../commands/context.ts')).addContextCommands,
  },
  completion: {
    command: 'completion',
    describe: m.completion,
    load: async () => (await import('../commands/completion.ts')).addCompletionCommands,
  },
}

/**
 * The parser of the command line. Only groups named in the arguments are loaded, beforehand, because yargs completes
 * words with synchronous builders only. A value may be called like a group too (`--exit-when cutover`).
 */
export async function createCommandLine(
  args: readonly string[],
  language: Language,
  version: string,
  run: Door['run'],
): Promise<Argv<GlobalFlags>> {
  const say = speaker(language)
  const parser = globalOptions(yargs([...args]), language)
  for (const [name, group] of Object.entries(groups)) {
    if (args.includes(name)) addGroup(parser, group, await group.load(), { say, run })
    else parser.command(group.command, say(group.describe))
  }
  return parser
    .scriptName('qianyun')
    .usage(say(m.usage))
    .epilogue(say(m.exitCodes))
    .version(version)
    .alias({ help: 'h' })
    .demandCommand(1, say(m.sayWhat))
    .recommendCommands()
    .strict()
    .strictCommands()
    .exitProcess(false)
    .middleware(lastOfRepeated, true)
    .fail((message, error) => {
      // yargs types the error as present; for its own complaints there is none.
      throw (error as Error | undefined) ?? new CommandLineError(message)
    })
    .wrap(process.stdout.isTTY ? Math.min(120, process.stdout.columns) : 100)
}

/** What may be given several times. Of anything else the last one counts, as it is usual. */
const lists: ReadonlySet<string> = new Set([
  '_',
  'file',
  'evidence',
  'figure',
  'finding',
  'host',
  'database',
  'input',
  'exit-when',
  'address',
  'use-secret',
])

function lastOfRepeated(argv: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(argv)) {
    if (Array.isArray(value) && !lists.has(name)) argv[name] = value.at(-1)
  }
}

function addGroup(parser: GlobalArgv, group: CommandGroup, add: AddCommands, door: Door): void {
  const { say, run } = door
  const isVerb = group.command.includes(' ')
  if (isVerb) {
    add(parser, door)
    return
  }
  parser.command(
    group.command,
    say(group.describe),
    (argv) => add(argv, door).demandCommand(1, say(m.sayWhat)).usage(`$0 ${group.command} <verb>`),
    run(async () => exitCodes.ok),
  )
}

function globalOptions(parser: Argv, language: Language): GlobalArgv {
  const say = speaker(language)
  const text = (describe: Message) => ({ type: 'string', global: true, describe: say(describe) }) as const
  const options = {
    json: { type: 'boolean', default: false, global: true, describe: say(m.json) },
    lang: { ...text(m.lang), choices: ['en', 'zh'] },
    context: text(m.contextFlag),
    server: text(m.server),
    account: text(m.account),
    'token-file': text(m.tokenFile),
    'key-file': text(m.keyFile),
    color: { type: 'boolean', global: true, describe: say(m.colour) },
  } as const
  return parser
    .parserConfiguration({
      'camel-case-expansion': false,
      'parse-positional-numbers': false,
    })
    .detectLocale(false)
    .locale(language === 'zh' ? 'zh_CN' : 'en')
    .updateStrings(yargsStrings[language])
    .options(options)
    .group(Object.keys(options), say(m.globalOptions))
}
