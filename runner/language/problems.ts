import type { z } from 'zod'
import { type InputProblem, problemAt } from '../../domain/errors.ts'
import { schemaProblems, valueAt } from '../../domain/schema-problems.ts'
import type { Said } from '../../domain/words/message.ts'
import { said } from '../../domain/words/said.ts'

/**
 * The problems that zod found, as people read them: a step is named by its id if it has one (`steps.copy-code.with.from`), and the
 * found value stands in quotes.
 */
export function problemsOf(
  issues: readonly z.core.$ZodIssue[],
  document: unknown,
  prefix: readonly string[] = [],
): InputProblem[] {
  return issues.flatMap((issue) => {
    const found = foundIn(valueAt(document, issue.path))
    return schemaProblems([issue], document).map(({ said: problem }) =>
      problemAt(
        [...prefix, ...namedPath(issue.path, document)].join('.'),
        found === undefined ? problem : said('problem-found', { problem: withoutType(problem), found }),
      ),
    )
  })
}

function namedPath(path: readonly PropertyKey[], document: unknown): string[] {
  return path.map((key, index) => {
    if (typeof key !== 'number' || path[index - 1] !== 'steps') return String(key)
    const id = valueAt(document, [...path.slice(0, index + 1), 'id'])
    return typeof id === 'string' && id !== '' ? id : String(key)
  })
}

/** Where the value itself is shown, its type says nothing more. */
function withoutType({ code, values }: Said): Said {
  return code === 'value-of-other-type'
    ? { code, values: { expected: values['expected'] } }
    : { code, values }
}

function foundIn(value: unknown): string | undefined {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, 80)).slice(1, -1)
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined
}
