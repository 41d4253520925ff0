import { z } from 'zod'
import { type InputProblem, QianyunError } from '../errors.ts'
import { said } from '../words/said.ts'
import { Identifier } from '../identifier.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 digest in hex')

/** Where a file lies in the folder of its playbook. Plain names only: sorted and printed alike everywhere. */
export const PlaybookPath = z
  .string()
  .max(200)
  .regex(
    /^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/,
    'must be a path inside the folder of the playbook, of letters, digits, ".", "_" and "-", each name beginning with a letter or digit',
  )

/** The SHA-256 of each file of a playbook, by path. */
export const FileDigests = z.record(PlaybookPath, Sha256)
export type FileDigests = Readonly<z.infer<typeof FileDigests>>

/**
 * A playbook frozen with every file of its folder. `digest` is the SHA-256 of their manifest and decides alone; the
 * files' own digests tell which of them has changed.
 */
export const PlaybookRef = z.strictObject({
  name: Identifier,
  digest: Sha256,
  files: FileDigests.exactOptional(),
})
export type PlaybookRef = Readonly<z.infer<typeof PlaybookRef>>

/** The folder of a playbook, read once: what was hashed for `ref` is what steps are given. */
export interface PlaybookFolder {
  readonly ref: PlaybookRef & { readonly files: FileDigests }
  /** Text by path. */
  readonly files: ReadonlyMap<string, string>
  /** What lies in the folder and must not: links, for example. A folder with problems is neither frozen nor run. */
  readonly problems: readonly InputProblem[]
}

/** The file that makes a folder a playbook. */
export const playbookFile = 'playbook.yaml'

/** What a playbook's digest is taken of: a line for each file, in order of path, as `sha256sum` writes it. */
export function manifestOf(files: FileDigests): string {
  return Object.keys(files)
    .sort()
    .map((path) => `${files[path] ?? ''}  ${path}\n`)
    .join('')
}

/** Thrown when the folder of a playbook no longer holds what was frozen. `changes` names each file that differs. */
export class PlaybookChangedError extends QianyunError {
  override name = 'PlaybookChangedError'
  readonly code = 'playbook-changed'

  constructor(
    readonly playbook: string,
    readonly expected: string,
    readonly found: string,
    readonly changes: readonly InputProblem[],
  ) {
    const named = changes.slice(0, shownChanges).map(({ path, message }) => `"${path}" ${message}`)
    const more = changes.length > shownChanges ? [`${changes.length - shownChanges} more files`] : []
    const files = changes.length === 0 ? undefined : [...named, ...more].join('; ')
    super(said('playbook-changed', { playbook, files, found, expected }))
  }
}

const shownChanges = 5

/** @throws PlaybookChangedError when the folder holds anything else than what was frozen */
export function assertAsFrozen(frozen: PlaybookRef, { ref, problems }: PlaybookFolder): void {
  if (ref.digest === frozen.digest && problems.length === 0) return
  const changes = frozen.files === undefined ? [] : changesOf(frozen.files, ref.files)
  const unread = new Set(problems.map(({ path }) => path))
  const others = changes.filter(({ path }) => !unread.has(path))
  throw new PlaybookChangedError(frozen.name, frozen.digest, ref.digest, [...problems, ...others])
}

function changesOf(frozen: FileDigests, found: FileDigests): InputProblem[] {
  const [digestBefore, digestNow] = [new Map(Object.entries(frozen)), new Map(Object.entries(found))]
  const paths = [...new Set([...digestBefore.keys(), ...digestNow.keys()])].sort()
  return paths.flatMap((path) => {
    const [before, now] = [digestBefore.get(path), digestNow.get(path)]
    if (before === now) return []
    if (now === undefined) return [{ path, message: `is missing, expected with SHA-256 "${before ?? ''}"` }]
    if (before === undefined) return [{ path, message: 'is there, expected no such file' }]
    return [{ path, message: `has the SHA-256 "${now}", expected "${before}"` }]
  })
}
