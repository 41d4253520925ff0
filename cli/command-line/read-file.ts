import { readFileSync, statSync } from 'node:fs'
import { load } from 'js-yaml'

import { UsageError } from './errors.ts'
import { sentence } from '../language/message.ts'
import { errorMessages as m } from '../messages/errors.ts'

const maxBytes = 50_000_000

/** Reads a file named on the command line. Throws UsageError. */
export function readBytes(path: string): Uint8Array {
  try {
    const { size } = statSync(path)
    if (size > maxBytes) throw new UsageError(sentence(m.tooLarge, { path, size, max: maxBytes }))
    return readFileSync(path)
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(
      sentence(m.unreadableFile, { path, cause: (error as NodeJS.ErrnoException).code ?? String(error) }),
    )
  }
}

/** Reads a text in UTF-8. Throws UsageError. */
export function readText(path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readBytes(path))
  } catch (error) {
    if (error instanceof UsageError) throw error
    throw new UsageError(sentence(m.notText, { path }))
  }
}

/** Reads a YAML or JSON file (JSON is YAML). Throws UsageError with the place of the mistake. */
export function readYaml(path: string): unknown {
  const text = new TextDecoder().decode(readBytes(path))
  try {
    // Plans and ledgers have no need of aliases; without them a small file cannot unfold into a huge one.
    return load(text, { filename: path, maxAliases: 0 })
  } catch (error) {
    const cause = (error as Error).message.split('\n')[0] ?? ''
    throw new UsageError(sentence(m.notYaml, { path, cause }))
  }
}
