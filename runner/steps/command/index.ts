import { quote, quoteAll } from '../../ssh/quote.ts'
import { carryOutCommands } from '../carry-out.ts'
import type { Command } from '../kind.ts'
import { implementKind } from '../implement-kind.ts'
import { type CommandParams, command } from './params.ts'

interface CommandFacts {
  /** Whether the command has already run, by `creates` and `unless`; false without them. */
  readonly done: boolean
}

const keptOutput = 4_000

/** Carries {@link command} out. */
export const implementation = implementKind<CommandParams, CommandFacts>(command, {
  interrupted: ({ creates, unless, changesNothing }) =>
    changesNothing || creates !== undefined || unless !== undefined ? 'plan-again' : 'ask',
  async gather(params, context) {
    const checks: string[] = []
    if (params.creates !== undefined) checks.push(`[ -e ${quote(params.creates)} ]`)
    if (params.unless !== undefined) checks.push(`( ${prelude(params)}\n${params.unless}\n) >/dev/null 2>&1`)
    if (checks.length === 0) return { done: false }
    const { stdout } = await context
      .host(params.host)
      .run(`if ${checks.join(' || ')}; then echo done; fi`, { signal: context.signal })
    return { done: stdout.trim() === 'done' }
  },
  plan: (params, facts) => (facts.done ? [] : [toCommand(params)]),
  undo: (params, before) =>
    params.undo === undefined || before.done
      ? []
      : [
          {
            do: 'shell',
            host: params.host,
            title: firstLine(params.undo),
            script: `${prelude(params)}\n${params.undo}`,
          },
        ],
  async carryOut(params, _facts, commands, context) {
    const [ran] = await carryOutCommands(commands, context)
    const { exitCode = 0, stdout = '', stderr = '' } = ran?.shell ?? {}
    return {
      changed: !params.changesNothing,
      exitCode,
      stdout: context.redact(stdout).trimEnd().slice(-keptOutput),
      stderr: context.redact(stderr).trimEnd().slice(-keptOutput),
    }
  },
})

function toCommand(params: CommandParams): Command {
  const words = params.argv?.map(String)
  const script = words === undefined ? (params.script ?? '') : `exec ${quoteAll(words)}`
  const title = words === undefined ? firstLine(script) : quoteAll(words)
  return {
    do: 'shell',
    host: params.host,
    title: title.length > 120 ? `${title.slice(0, 120)}…` : title,
    script: `${prelude(params)}\n${script}`,
    okExitCodes: params.okExitCodes,
    ...(params.stdin === undefined ? {} : { stdin: params.stdin }),
    ...(params.changesNothing ? { changesNothing: true } : {}),
  }
}

function prelude(params: CommandParams): string {
  const values = Object.entries(params.values).map(
    ([name, value]) => `export ${name}=${quote(String(value))}`,
  )
  const directory = params.directory === undefined ? [] : [`cd ${quote(params.directory)}`]
  return ['set -e', ...values, ...directory].join('\n')
}

function firstLine(script: string): string {
  return script.trimStart().split('\n', 1)[0] ?? ''
}
