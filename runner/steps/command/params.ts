import { z } from 'zod'
import { wanted } from '../../../domain/schema-problems.ts'
import { AbsolutePath } from '../../../domain/absolute-path.ts'
import { Identifier } from '../../../domain/identifier.ts'
import type { StepDeclaration } from '../declaration.ts'

export const CommandParams = z
  .strictObject({
    host: Identifier,
    argv: z
      .array(z.union([z.string(), z.number()]))
      .min(1)
      .max(1_000)
      .optional(),
    /** POSIX shell, run with `set -e`. `${…}` in it belongs to the shell; `values` passes values. */
    script: z.string().min(1).max(60_000).optional(),
    values: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, wanted('name-of-shell-variable')),
        z.union([z.string(), z.number(), z.boolean()]),
      )
      .default({}),
    directory: AbsolutePath.optional(),
    stdin: z.string().max(1_000_000).optional(),
    okExitCodes: z.array(z.int().min(0).max(255)).min(1).default([0]),
    /** A path that exists once the command has run. */
    creates: AbsolutePath.optional(),
    /** POSIX shell that succeeds once the command has run. */
    unless: z.string().min(1).max(10_000).optional(),
    changesNothing: z.boolean().default(false),
    /** POSIX shell that reverses the command. */
    undo: z.string().min(1).max(60_000).optional(),
  })
  .refine((params) => (params.argv === undefined) !== (params.script === undefined), {
    error: wanted('argv-or-script'),
  })
export type CommandParams = z.infer<typeof CommandParams>

/**
 * Runs one command or script on a host. With `creates` or `unless` it runs once. An interrupted command without these and without
 * `changesNothing` is not repeated until a person confirms it.
 */
export const command: StepDeclaration<CommandParams> = {
  name: 'command',
  title: { zh: '执行命令', en: 'Run a command' },
  params: CommandParams,
  literal: ['script', 'unless', 'undo'],
  undoable: ({ undo }) => undo !== undefined,
}
