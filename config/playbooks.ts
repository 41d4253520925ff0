import { isUtf8 } from 'node:buffer'
import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { basename, join, resolve } from 'node:path'

import { type InputProblem, problemAt, QianyunError } from '../domain/errors.ts'
import type { Said } from '../domain/words/message.ts'
import { said, inForeignWords } from '../domain/words/said.ts'
import { Identifier } from '../domain/identifier.ts'
import {
  type FileDigests,
  type PlaybookFolder,
  PlaybookPath,
  manifestOf,
  playbookFile,
} from '../domain/playbook/files.ts'

const maxFiles = 200
/** Of all files together. */
const maxBytes = 4 * 1024 * 1024

/** Thrown when there is no playbook of that name. */
export class UnknownPlaybookError extends QianyunError {
  override name = 'UnknownPlaybookError'
  readonly code = 'unknown-playbook'

  constructor(
    readonly playbook: string,
    readonly known: readonly string[],
  ) {
    super(said('unknown-playbook', { playbook, known }))
  }
}

/** The playbooks of one place: a folder each, by name. */
export class PlaybookStore {
  constructor(private readonly directory: string) {}

  /** Sorted. */
  async names(): Promise<readonly string[]> {
    const entries = await readdir(this.directory, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory() && Identifier.safeParse(entry.name).success)
      .map((entry) => entry.name)
      .sort()
  }

  /** @throws UnknownPlaybookError */
  async read(name: string): Promise<PlaybookFolder> {
    const known = await this.names()
    // Looked up among the names there are: a name is never put together into a path unseen.
    if (!known.includes(name)) throw new UnknownPlaybookError(name, known)
    return readPlaybookFolder(join(this.directory, name))
  }
}

/**
 * Reads every file of a playbook's folder into memory, once. Its README.md and whatever begins with a dot are no part of a
 * playbook. What must not be there (links, files that are no text, too much) is left out and told in `problems`.
 */
export async function readPlaybookFolder(directory: string): Promise<PlaybookFolder> {
  const files = new Map<string, string>()
  const digests: Record<string, string> = {}
  const problems: InputProblem[] = []
  let roomBytes = maxBytes
  for (const path of await listFiles(directory, problems)) {
    const content = await readPlain(join(directory, path), roomBytes)
    if (!Buffer.isBuffer(content)) {
      problems.push(problemAt(path, content))
      continue
    }
    roomBytes -= content.length
    files.set(path, content.toString('utf8'))
    digests[path] = sha256(content)
  }
  const isMissing = !files.has(playbookFile) && !problems.some(({ path }) => path === playbookFile)
  if (isMissing) problems.push(problemAt(playbookFile, said('file-missing')))
  const ref = { name: basename(resolve(directory)), digest: playbookDigest(digests), files: digests }
  return { ref, files, problems }
}

/** The digest that freezes a playbook: SHA-256 of the manifest of its files. */
export function playbookDigest(files: FileDigests): string {
  return sha256(manifestOf(files))
}

/** Paths of the plain files, sorted; everything else becomes a problem. */
async function listFiles(directory: string, problems: InputProblem[]): Promise<readonly string[]> {
  const paths: string[] = []
  for await (const { path, isFile, isLink } of walk(directory)) {
    if (isLink) problems.push(problemAt(printable(path), said('file-is-link')))
    else if (!isFile) problems.push(problemAt(printable(path), said('file-not-plain')))
    else if (!PlaybookPath.safeParse(path).success)
      problems.push(problemAt(printable(path), said('file-name-refused')))
    else paths.push(path)
    if (paths.length > maxFiles || problems.length > maxFiles) {
      problems.push(problemAt('.', said('folder-too-many-files', { most: maxFiles })))
      break
    }
  }
  return paths.sort()
}

interface FoundEntry {
  readonly path: string
  readonly isFile: boolean
  readonly isLink: boolean
}

async function* walk(directory: string, below = ''): AsyncGenerator<FoundEntry> {
  for (const entry of await readdir(join(directory, below), { withFileTypes: true })) {
    const path = `${below}${entry.name}`
    if (entry.name.startsWith('.') || path === 'README.md') continue
    if (entry.isDirectory()) yield* walk(directory, `${path}/`)
    else yield { path, isFile: entry.isFile(), isLink: entry.isSymbolicLink() }
  }
}

/** A file's bytes, or why they are not taken. Never follows a link, even one that took the file's place a moment ago. */
async function readPlain(path: string, roomBytes: number): Promise<Buffer | Said> {
  try {
    // Without O_NONBLOCK opening a pipe would wait for somebody to write into it.
    const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const found = await file.stat()
      if (!found.isFile()) return said('file-not-plain')
      if (found.size > roomBytes) return said('folder-too-large', { most: maxBytes })
      const content = await file.readFile()
      return isUtf8(content) ? content : said('file-not-text')
    } finally {
      await file.close()
    }
  } catch (error) {
    return said('file-unreadable', {
      cause: inForeignWords((error as NodeJS.ErrnoException).code ?? String(error)),
    })
  }
}

/** A name as it can be shown: control characters are escaped. */
function printable(path: string): string {
  return JSON.stringify(path).slice(1, -1)
}

function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}
