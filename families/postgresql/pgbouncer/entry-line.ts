import { posix } from 'node:path'
import type { HostPort } from '../../../runner/steps/kind.ts'
import { textOf } from '../../../runner/ssh/file-text.ts'
import { type EntryTarget, entryNames, includedFiles, putEntry, readEntry } from './databases-file.ts'
import { EntryCaughtByAllError, EntryInIncludedFileError, EntryUnknownError } from './errors.ts'

/**
 * The target in the line of an entry. `serving` is the target that an error suggests for a missing line.
 * @throws EntryCaughtByAllError, EntryInIncludedFileError, EntryUnknownError
 */
export async function entryLine(
  host: HostPort,
  file: string,
  entry: string,
  serving: EntryTarget,
): Promise<EntryTarget> {
  const content = textOf(await host.readFile(file)).text
  const found = readEntry(content, entry)
  if (found !== undefined) return found
  for (const included of includedFiles(content)) {
    const path = posix.resolve(posix.dirname(file), included)
    const text = await host.readFile(path).then(
      (bytes) => textOf(bytes).text,
      () => '',
    )
    if (readEntry(text, entry) !== undefined) throw new EntryInIncludedFileError(entry, file, path)
  }
  const names = entryNames(content)
  if (names.includes('*')) throw new EntryCaughtByAllError(entry, file, putEntry('', entry, serving).trim())
  throw new EntryUnknownError(entry, file, names)
}
