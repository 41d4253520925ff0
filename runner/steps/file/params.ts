import { z } from 'zod'
import { saying, schemaProblems, wanted } from '../../../domain/schema-problems.ts'
import { AbsolutePath, RemovablePath } from '../../../domain/absolute-path.ts'
import { Identifier, SecretName } from '../../../domain/identifier.ts'
import { PlaybookPath } from '../../../domain/playbook/files.ts'
import { said } from '../../../domain/words/said.ts'
import type { FileText } from '../../ssh/file-text.ts'
import type { StepDeclaration } from '../declaration.ts'

const Text = z.string().max(1_000_000)
const Line = z.string().regex(/^[^\r\n]*$/, wanted('one-line'))
const Key = z.string().regex(/^[A-Za-z_][\w.-]*$/, wanted('name-of-setting'))
const sources = ['content', 'template', 'secret', 'values', 'lines', 'replace'] as const

export const FileParams = z
  .strictObject({
    host: Identifier,
    path: AbsolutePath.regex(/[^/]$/, wanted('path-without-slash')),
    state: z.enum(['file', 'directory', 'absent']).default('file'),
    /** The whole content. */
    content: Text.optional(),
    /** A file of the playbook's folder; `${…}` in it is filled in. */
    template: PlaybookPath.optional(),
    /** The secret whose value is the whole content. */
    secret: SecretName.optional(),
    /** Settings of a KEY=VALUE file: changed in place or appended; null removes a setting. */
    values: z.record(Key, z.union([Line, z.number(), z.boolean(), z.null()])).optional(),
    lines: z
      .strictObject({ present: z.array(Line).default([]), absent: z.array(Line).default([]) })
      .optional(),
    replace: z
      .array(z.strictObject({ find: Text.min(1), with: Text }))
      .min(1)
      .optional(),
    mode: z
      .string()
      .regex(/^0?[0-7]{3}$|^[0-7]{4}$/, wanted('octal-mode'))
      .optional(),
    owner: z
      .string()
      .regex(/^[a-z_][\w-]*(:[a-z_][\w-]*)?$/, wanted('user-and-group'))
      .optional(),
    /** The step acts as root, by sudo where the login user is another. */
    asRoot: z.boolean().default(false),
  })
  .superRefine((params, context) => {
    const given = sources.filter((source) => params[source] !== undefined)
    if (params.state === 'absent') {
      for (const { said: what } of schemaProblems(
        RemovablePath.safeParse(params.path).error?.issues ?? [],
        params.path,
      ))
        context.addIssue({ code: 'custom', path: ['path'], ...saying(what) })
    }
    const edits = given.filter((source) => source === 'values' || source === 'lines' || source === 'replace')
    if (params.state !== 'file' && given.length > 0) {
      context.addIssue({
        code: 'custom',
        path: ['state'],
        ...saying(said('wrong-beside', { others: given })),
      })
    }
    if (params.state === 'file' && given.length !== edits.length && given.length > 1) {
      context.addIssue({
        code: 'custom',
        path: [given[1] ?? ''],
        ...saying(said('wrong-beside', { others: given[0] ?? '' })),
      })
    }
    if (
      params.state === 'file' &&
      given.length === 0 &&
      params.mode === undefined &&
      params.owner === undefined
    ) {
      context.addIssue({
        code: 'custom',
        path: [],
        ...saying(said('has-none-of', { expected: [...sources, 'mode', 'owner'] })),
      })
    }
  })
export type FileParams = z.infer<typeof FileParams>

/** The state of the path on the host, and the wanted content; the journal does not keep the content. */
export interface FileFacts {
  readonly kind: 'absent' | 'file' | 'directory' | 'other'
  readonly mode?: string
  readonly owner?: string
  readonly parentExists: boolean
  readonly backup: string
  /** Identifies the unchanged file (`identityOf`). */
  readonly identity?: string
  /** Whether the step replaces or removes the file, so that undo needs the copy. */
  readonly replaces?: boolean
  readonly content?: FileText
  /** SHA-256 of the content, which shows a change in the meantime. */
  readonly digest?: string
  /** The filled-in template. */
  readonly filled?: string
  /** Whether the file already holds the secret. */
  readonly holdsSecret?: boolean
}

/** Creates, changes or removes a file or folder on a host. The host keeps the previous file for undo. */
export const file: StepDeclaration<FileParams> = {
  name: 'file',
  title: { zh: '文件', en: 'A file' },
  params: FileParams,
  files: ['template'],
  undoable: () => true,
}
