import { z } from 'zod'
import { wanted } from '../schema-problems.ts'
import { type InputProblem, problemAt, problemsSaid, QianyunError } from '../errors.ts'
import { said } from '../words/said.ts'
import { Identifier } from '../identifier.ts'

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/, wanted('hex-digest'))

/** Where a file lies in the folder of its playbook. Plain names only: sorted and printed alike everywhere. */
export const PlaybookPath = z
  .string()
  .max(200)
  .regex(/^[A-Za-z0-9][\w.-]*(\/[A-Za-z0-9][\w.-]*)*$/, wanted('path-in-playbook'))

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
    const more = changes.length - shownChanges
    const named = problemsSaid(changes.slice(0, shownChanges))
    const files = more > 0 ? [...named, said('and-more', { count: more })] : named
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
    if (now === undefined) return [problemAt(path, said('playbook-file-gone', { expected: before ?? '' }))]
    if (before === undefined) return [problemAt(path, said('playbook-file-added'))]
    return [problemAt(path, said('playbook-file-changed', { found: now, expected: before }))]
  })
}
