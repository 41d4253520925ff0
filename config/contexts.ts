import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { z } from 'zod'
import { schemaProblems, wanted } from '../domain/schema-problems.ts'

import { problemsSaid, QianyunError, type InputProblem } from '../domain/errors.ts'
import { said } from '../domain/words/said.ts'

const ContextName = z.string().regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, wanted('context-name'))

const Context = z.strictObject({
  server: z.url({ protocol: /^https?$/, error: wanted('http-url') }),
  account: z.string().min(1).max(63),
  /** Role and organisation are known so that "who types what" can name the context; the server decides what it may do. */
  role: z.string().min(1).max(63).optional(),
  organisation: z.string().min(1).max(63).optional(),
  /** Files; a relative path counts from the folder of the context file. */
  tokenFile: z.string().min(1),
  keyFile: z.string().min(1).optional(),
})
/** One server and account, as `qianyun context use` chooses them. It names files of secrets and holds none. */
export type Context = z.infer<typeof Context>

const ContextFile = z.strictObject({
  current: ContextName.optional(),
  contexts: z.record(ContextName, Context).default({}),
})
export type ContextFile = z.infer<typeof ContextFile>

/** Thrown when a context file does not fit its schema. */
export class InvalidContextFileError extends QianyunError {
  override name = 'InvalidContextFileError'
  readonly code = 'invalid-context-file'

  constructor(
    readonly path: string,
    readonly problems: readonly InputProblem[],
  ) {
    super(said('invalid-context-file', { path, problems: problemsSaid(problems) }))
  }
}

/** The context file of a home folder. */
export function contextFilePath(home: string): string {
  return join(home, 'context.json')
}

/** Gives the file's contexts with absolute paths, empty when there is no file. Throws InvalidContextFileError. */
export function readContexts(path: string): ContextFile {
  const found = parse(path)
  const absolute = (file: string): string => resolve(dirname(path), file)
  const contexts = Object.entries(found.contexts).map(([name, context]) => [
    name,
    {
      ...context,
      tokenFile: absolute(context.tokenFile),
      ...(context.keyFile === undefined ? {} : { keyFile: absolute(context.keyFile) }),
    },
  ])
  return { ...found, contexts: Object.fromEntries(contexts) as ContextFile['contexts'] }
}

/** Writes the file anew, mode 0600, in one piece: a reader sees the old or the new one. */
export function writeContexts(path: string, file: ContextFile): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(ContextFile.parse(file), null, 2)}\n`, { mode: 0o600 })
  chmodSync(draft, 0o600)
  renameSync(draft, path)
}

function parse(path: string): ContextFile {
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { contexts: {} }
    throw error
  }
  const given = jsonOf(text)
  const parsed = ContextFile.safeParse(given)
  if (parsed.success) return parsed.data
  throw new InvalidContextFileError(path, schemaProblems(parsed.error.issues, given))
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
