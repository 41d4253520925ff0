import { z } from 'zod'
import { AbsolutePath } from '../../../domain/absolute-path.ts'
import { Identifier } from '../../../domain/identifier.ts'
import { quote, quoteAll } from '../../ssh/quote.ts'
import { carryOutCommands } from '../carry-out.ts'
import type { Command, StepKind } from '../kind.ts'

const CommandParams = z
  .strictObject({
    host: Identifier,
    argv: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .max(1_000)
      .optional(),
    /** POSIX shell, run with `set -e`. `${…}` in it is the shell's own: values come in through `values`. */
    script: z.string().min(1).max(60_000).optional(),
    values: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be the name of a shell variable'),
        z.union([z.string(), z.number(), z.boolean()]),
      )
      .default({}),
    directory: AbsolutePath.optional(),
    stdin: z.string().max(1_000_000).optional(),
    okExitCodes: z.array(z.int().min(0).max(255)).min(1).default([0]),
    /** A path that is there once the command has run. */
    creates: AbsolutePath.optional(),
    /** POSIX shell that succeeds once the command has run. */
    unless: z.string().min(1).max(10_000).optional(),
    changesNothing: z.boolean().default(false),
    /** POSIX shell that takes back what the command did. */
    undo: z.string().min(1).max(60_000).optional(),
  })
  .refine((params) => (params.argv === undefined) !== (params.script === undefined), {
    error: 'must have either "argv" or "script"',
  })
type CommandParams = z.infer<typeof CommandParams>

interface CommandFacts {
  /** What `creates` or `unless` says; false without them. */
  readonly done: boolean
}

const keptOutput = 4_000

/** Runs one command or script on a host. With `creates` or `unless` it runs once; without, an interrupted one asks. */
export const command: StepKind<CommandParams, CommandFacts> = {
  name: 'command',
  title: { zh: '执行命令', en: 'Run a command' },
  params: CommandParams,
  literal: ['script', 'unless', 'undo'],
  undoable: ({ undo }) => undo !== undefined,
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
}

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
