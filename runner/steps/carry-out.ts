import { onHost } from '../../domain/secret-use.ts'
import { FileChangedError } from '../ssh/errors.ts'
import { replaceFile } from '../ssh/replace-file.ts'
import { rootHost } from '../ssh/root-host.ts'
import type { Command, HostPort, ShellResult, StepContext } from './kind.ts'
import { ProcedureNotCarriedOutError } from './errors.ts'

const planAttempts = 5

/** The outcome of one command; written files have no output. */
export interface CommandResult {
  readonly title: string
  readonly shell?: ShellResult
}

/** Carries out commands one after another and stops at the first failure. */
export async function carryOutCommands(
  commands: readonly Command[],
  context: StepContext,
): Promise<readonly CommandResult[]> {
  const results: CommandResult[] = []
  for (const command of commands) {
    context.signal.throwIfAborted()
    context.say(command.title)
    results.push(await carryOutCommand(command, context))
  }
  return results
}

/** Like `carryOutCommands`, but plans the step again if a file changed after the look. */
export async function carryOutOrReplan(
  commands: readonly Command[],
  context: StepContext,
  replan: () => Promise<readonly Command[]>,
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await carryOutCommands(attempt === 1 ? commands : await replan(), context)
      return
    } catch (error) {
      if (!(error instanceof FileChangedError) || attempt >= planAttempts) throw error
    }
  }
}

async function carryOutCommand(command: Command, context: StepContext): Promise<CommandResult> {
  const { title } = command
  switch (command.do) {
    case 'shell': {
      const { secretStdin } = command
      const stdin =
        secretStdin === undefined
          ? command.stdin
          : await context.secret(secretStdin, onHost(context.host(command.host).address))
      const lines = new Lines((line) => {
        context.say(line)
      })
      const shell = await hostOf(command, context).run(command.script, {
        signal: context.signal,
        onOutput: (chunk) => {
          lines.add(chunk)
        },
        ...(stdin === undefined ? {} : { stdin }),
        ...(command.okExitCodes === undefined ? {} : { okExitCodes: command.okExitCodes }),
      })
      lines.end()
      return { title, shell }
    }
    case 'write-file':
      await replaceFile(hostOf(command, context), command.path, command.content, {
        ...command,
        signal: context.signal,
      })
      return { title }
    case 'procedure':
      throw new ProcedureNotCarriedOutError(command.name)
  }
}

function hostOf(
  { host: name, asRoot = false }: { readonly host: string; readonly asRoot?: boolean },
  context: StepContext,
): HostPort {
  const host = context.host(name)
  return asRoot ? rootHost(host) : host
}

const longestLine = 65_536

/** Reports output in whole lines, and none of a line that is too long: a secret that is split in two would not be recognised. */
class Lines {
  private rest = ''
  private isTooLong = false

  constructor(private readonly say: (line: string) => void) {}

  add(chunk: string): void {
    const lines = (this.rest + chunk).split('\n')
    this.rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.trim() !== '' && !this.isTooLong) this.say(line)
      this.isTooLong = false
    }
    if (this.rest.length <= longestLine) return
    this.rest = ''
    this.isTooLong = true
  }

  end(): void {
    if (this.rest.trim() !== '' && !this.isTooLong) this.say(this.rest)
  }
}
