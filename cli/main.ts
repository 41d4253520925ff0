import packageDescription from '../package.json' with { type: 'json' }
import { settleProxies } from '../config/proxies.mjs'
import { CommandLineError, createCommandLine, type Door } from './command-line/command-line.ts'
import { CliError, type ProblemDocument } from './command-line/errors.ts'
import { exitCodes, type ExitCode } from './command-line/exit-code.ts'
import { chooseLanguage } from './language/choose.ts'
import { sentence, speak, type Sentence } from './language/message.ts'
import type { Language } from '../domain/words/message.ts'
import { messageOf, QianyunError } from '../domain/errors.ts'
import { say } from '../domain/words/said.ts'
import { errorMessages } from './messages/errors.ts'
import { mainMessages } from './messages/main.ts'
import { Session } from './identity/session.ts'
import { Terminal } from './terminal/terminal.ts'

/** Runs the program with these arguments and gives its exit code. */
export async function main(args: readonly string[]): Promise<ExitCode> {
  settleProxies(process.env)
  const language = chooseLanguage(args, process.env)
  const colour = args.includes('--no-color')
    ? { NO_COLOR: '1' }
    : args.includes('--color')
      ? { FORCE_COLOR: '1' }
      : {}
  const terminal = new Terminal(process, { ...process.env, ...colour })
  const interruption = new AbortController()
  // The first Ctrl-C lets the command end in order, the second ends it at once.
  process.once('SIGINT', () => {
    interruption.abort()
    process.once('SIGINT', () => process.exit(exitCodes.interrupted))
  })
  let exitCode: ExitCode = exitCodes.ok
  let session: Session | undefined
  const run: Door['run'] = (work) => async (flags) => {
    session = new Session(language, terminal, flags, process.env, interruption.signal)
    exitCode = (await work(session, flags)) ?? exitCodes.ok
  }
  try {
    const commandLine = await createCommandLine(args, language, packageDescription.version, run)
    if (args.length === 0) commandLine.showHelp('log')
    else await commandLine.parseAsync()
    return exitCode
  } catch (error) {
    if (interruption.signal.aborted) return exitCodes.interrupted
    return report(error, { args, language, terminal })
  }
}

interface Circumstances {
  readonly args: readonly string[]
  readonly language: Language
  readonly terminal: Terminal
}

/** Says what went wrong: a sentence, or with `--json` one document; both on standard error. */
function report(error: unknown, { args, language, terminal }: Circumstances): ExitCode {
  const known = asCliError(error, language)
  if (args.includes('--json')) {
    const problem = 'problem' in known ? { problem: known.problem } : {}
    const message = speak(language, known.sentence)
    terminal.noteJson({ error: { code: known.code, message, exitCode: known.exitCode, ...problem } })
    return known.exitCode
  }
  const { bad } = terminal.errPaint
  terminal.note(`${bad('qianyun:')} ${speak(language, known.sentence)}`)
  for (const line of problemLines(known, language)) terminal.note(line)
  if (known instanceof CommandLineError) terminal.note(helpHint(args, language))
  if (process.env['QIANYUN_DEBUG'] === '1' && error instanceof Error)
    for (const line of (error.stack ?? '').split('\n')) terminal.note(line)
  return known.exitCode
}

class UnexpectedError extends CliError {
  override name = 'UnexpectedError'
  readonly code = 'unexpected'
  readonly exitCode = exitCodes.refused
}

function asCliError(error: unknown, language: Language): CliError {
  if (error instanceof CliError) return error
  const told = error instanceof QianyunError ? error.told : undefined
  const message = told === undefined ? messageOf(error) : say(language, told)
  const detail = /[.。!]$/.test(message) ? message : `${message}${language === 'zh' ? '。' : '.'}`
  return new UnexpectedError(sentence(errorMessages.unexpected, { detail }))
}

/** The server's list of problems, one line each, when its sentence does not hold them already. */
function problemLines(error: CliError, language: Language): string[] {
  if (!('problem' in error)) return []
  const { problems, detail } = error.problem as ProblemDocument
  return (problems ?? [])
    .filter(({ message }) => !detail.includes(message))
    .map(({ path, message, said }): Sentence =>
      sentence(errorMessages.problemLine, {
        path: path === '' ? errorMessages.wholeInput[language] : path,
        message: say(language, said, message),
      }),
    )
    .map((line) => speak(language, line))
}

function helpHint(args: readonly string[], language: Language): string {
  const words = args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0).slice(0, 2)
  const command = words.map((word) => `${word} `).join('')
  return speak(language, sentence(mainMessages.seeHelp, { program: 'qianyun', command }))
}
