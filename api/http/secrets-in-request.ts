import { type InputProblem, problemAt } from '../../domain/errors.ts'
import { secretsIn } from '../../domain/secret-text.ts'
import { said } from '../../domain/words/said.ts'

/** No schema of ours goes as deep: what does is refused by all of them. */
const deepest = 30

/**
 * Every text of a request that holds what looks like a secret, by its path; the text itself is not repeated. Inputs of playbooks
 * are looked at together with their names: `db-password` and `hunter2` are one only beside each other.
 */
export function secretProblems(part: unknown, path: readonly string[] = []): readonly InputProblem[] {
  if (typeof part === 'string') return problemsIn(part, path)
  if (typeof part !== 'object' || part === null || Buffer.isBuffer(part) || path.length > deepest) return []
  return Object.entries(part).flatMap(([name, value]: [string, unknown]) => {
    const isInput = path.at(-1) === 'inputs' && typeof value === 'string'
    return [
      ...problemsIn(name, [...path, '(a name)']),
      ...(isInput
        ? problemsIn(`${name}: ${value}`, [...path, name])
        : secretProblems(value, [...path, name])),
    ]
  })
}

function problemsIn(text: string, path: readonly string[]): InputProblem[] {
  return secretsIn(text)
    .slice(0, 1)
    .map((secret) => problemAt(path.join('.'), said('secret-found', { secret })))
}
