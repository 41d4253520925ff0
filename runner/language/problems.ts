import type { z } from 'zod'
import type { InputProblem } from '../../domain/errors.ts'

/**
 * The problems that zod found, as people read them: a step is named by its id if it has one (`steps.copy-code.with.from`), and the
 * found value stands in quotes.
 */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  document: unknown,
  prefix: readonly string[] = [],
): InputProblem[] {
  return issues.map((issue) => ({
    path: [...prefix, ...namedPath(issue.path, document)].join('.'),
    message: `${sentence(issue.message)}${found(valueAt(document, issue.path))}`,
  }))
}

/** The value at a path; undefined if there is none. */
export function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  let value = document
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Record<PropertyKey, unknown>)[key]
  }
  return value
}

function namedPath(path: readonly PropertyKey[], document: unknown): string[] {
  return path.map((key, index) => {
    if (typeof key !== 'number' || path[index - 1] !== 'steps') return String(key)
    const id = valueAt(document, [...path.slice(0, index + 1), 'id'])
    return typeof id === 'string' && id !== '' ? id : String(key)
  })
}

function sentence(message: string): string {
  const plain = message.replace(/^Invalid input: /, '')
  return plain.startsWith('must') || plain.startsWith('is')
    ? plain
    : `is wrong: ${plain.charAt(0).toLowerCase()}${plain.slice(1)}`
}

function found(value: unknown): string {
  if (typeof value === 'string') return `, found ${JSON.stringify(value.slice(0, 80))}`
  if (typeof value === 'number' || typeof value === 'boolean') return `, found "${value}"`
  return ''
}
