import { type InputProblem, problemAt } from './errors.ts'
import { said } from './words/said.ts'

/** What no command argument, no column of a database and no UTF-8 can hold. */
export type BrokenPart = 'nul' | 'lone-surrogate'

/** What a text holds of that; undefined when it is whole. */
export function brokenPartOf(text: string): BrokenPart | undefined {
  if (text.includes('\0')) return 'nul'
  return /\p{Surrogate}/u.test(text) ? 'lone-surrogate' : undefined
}

/** No schema of ours goes as deep: what does is refused by all of them. */
const deepest = 30

/** Every text of a document that is broken, names of fields included, by its path. Bytes are no text. */
export function brokenTexts(part: unknown, path: readonly string[] = []): readonly InputProblem[] {
  if (typeof part === 'string') return problemsIn(part, path)
  if (typeof part !== 'object' || part === null || part instanceof Uint8Array || path.length > deepest)
    return []
  return Object.entries(part).flatMap(([name, value]: [string, unknown]) => [
    ...problemsIn(name, [...path, '(a name)']),
    ...brokenTexts(value, [...path, name]),
  ])
}

function problemsIn(text: string, path: readonly string[]): readonly InputProblem[] {
  const part = brokenPartOf(text)
  return part === undefined ? [] : [problemAt(path.join('.'), said('text-broken', { part }))]
}
