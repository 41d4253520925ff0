import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * Whether tests that open the page in a browser are among those that the arguments of `npm test` name, as jest reads them: each
 * word is a pattern of paths. Where none names a file, all are run.
 */
export function opensPages(repository, args) {
  const words = args.filter((argument) => !argument.startsWith('-'))
  if (words.length === 0) return true
  const files = readdirSync(join(repository, 'test'), { recursive: true })
    .filter((path) => path.endsWith('.test.ts'))
    .map((path) => join('test', path))
  const named = files.filter((path) => words.some((word) => matches(path, word)))
  return (named.length === 0 ? files : named).some((path) =>
    readFileSync(join(repository, path), 'utf8').includes('support/browser.ts'),
  )
}

function matches(path, word) {
  try {
    return new RegExp(word, 'i').test(path)
  } catch {
    return false
  }
}
