import type { z } from 'zod'
import { type InputProblem, problemAt } from './errors.ts'
import type { Said } from './words/message.ts'
import { isSaid, said, say } from './words/said.ts'
import { valueFormats } from './words/value-formats.ts'

type Issue = z.core.$ZodIssue
/** What zod adds for each format, without declaring it. */
interface FormatDetails {
  readonly prefix?: string
  readonly suffix?: string
  readonly includes?: string
}
export type ValueFormat = keyof typeof valueFormats

const formatOf: ReadonlyMap<string, ValueFormat> = new Map(
  (Object.keys(valueFormats) as ValueFormat[]).map((code) => [valueFormats[code].en, code]),
)

/** What a check of a schema wants: its message, by which `schemaProblems` finds the code again. */
export function wanted(format: ValueFormat): string {
  return valueFormats[format].en
}

/** What a check with values of its own says, for `refine`; with `code: 'custom'`, for `addIssue`. */
export function saying(what: Said): { readonly message: string; readonly params: { readonly said: Said } } {
  return { message: say('en', what), params: { said: what } }
}

/**
 * The problems zod found, each as it is said in the reader's language. `document` is what was parsed; `pathOf` names the
 * place of an issue.
 */
export function schemaProblems(
  issues: readonly Issue[],
  document: unknown,
  pathOf: (path: readonly PropertyKey[]) => string = dotted,
): InputProblem[] {
  return issues.map((issue) => problemAt(pathOf(issue.path), issueSaid(issue, valueAt(document, issue.path))))
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

const dotted = (path: readonly PropertyKey[]): string => path.map(String).join('.')

function issueSaid(issue: Issue, value: unknown): Said {
  const own: unknown = issue.code === 'custom' ? issue.params?.['said'] : undefined
  if (isSaid(own)) return own
  const format = formatOf.get(issue.message)
  return format === undefined ? ofCode(issue, value) : { code: format, values: {} }
}

function ofCode(issue: Issue, value: unknown): Said {
  switch (issue.code) {
    case 'invalid_type':
      return ofType([issue.expected], value)
    case 'invalid_value':
      return issue.values.length === 1
        ? said('value-not-that', { expected: String(issue.values[0]) })
        : said('value-not-one-of', { expected: issue.values.map(String) })
    case 'too_big':
      return tooBig(issue)
    case 'too_small':
      return tooSmall(issue)
    case 'invalid_format':
      return ofFormat(issue)
    case 'not_multiple_of':
      return said('number-no-multiple', { step: issue.divisor })
    case 'unrecognized_keys':
      return said('fields-unknown', { fields: issue.keys })
    case 'invalid_key':
      return said('key-refused', { problems: issue.issues.map((one) => issueSaid(one, issue.path.at(-1))) })
    case 'invalid_union':
      return ofUnion(issue, value)
    case 'invalid_element':
    case 'custom':
      return said('value-wrong')
  }
}

function ofType(expected: readonly string[], value: unknown): Said {
  const names = [...new Set(expected)]
  return value === undefined
    ? said('value-missing', { expected: names })
    : said('value-of-other-type', { expected: names, found: typeOf(value) })
}

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

function tooBig({ origin, maximum, inclusive }: z.core.$ZodIssueTooBig): Said {
  const most = String(maximum)
  if (origin === 'string') return said('text-too-long', { most })
  if (origin === 'array' || origin === 'set' || origin === 'map') return said('list-too-long', { most })
  return inclusive === false ? said('number-not-under', { most }) : said('number-too-large', { most })
}

function tooSmall({ origin, minimum, inclusive }: z.core.$ZodIssueTooSmall): Said {
  const least = String(minimum)
  const counted = origin === 'string' || origin === 'array' || origin === 'set' || origin === 'map'
  if (counted && least === '1') return said('value-empty')
  if (origin === 'string') return said('text-too-short', { least })
  if (counted) return said('list-too-short', { least })
  return inclusive === false ? said('number-not-over', { least }) : said('number-too-small', { least })
}

function ofFormat(issue: z.core.$ZodIssueInvalidStringFormat & FormatDetails): Said {
  switch (issue.format) {
    case 'starts_with':
      return said('text-begins-otherwise', { begin: issue.prefix ?? '' })
    case 'ends_with':
      return said('text-ends-otherwise', { end: issue.suffix ?? '' })
    case 'includes':
      return said('text-lacks', { text: issue.includes ?? '' })
    case 'regex':
      return said('text-of-other-form', { form: issue.pattern ?? '' })
    case 'url':
      return said('http-url')
    case 'datetime':
      return said('time-with-zone')
    default:
      return said('text-of-other-form', { form: issue.format })
  }
}

/** What the value may be, where each form asks for a type; else the only form that it has the type for. */
function ofUnion(
  { errors, options, inclusive }: z.core.$ZodIssueInvalidUnion & { options?: readonly unknown[] },
  value: unknown,
): Said {
  if (inclusive === false || errors.length === 0)
    return options === undefined
      ? said('value-of-no-form')
      : said('value-not-one-of', { expected: options.map(String) })
  const types = errors.map(([first]) =>
    first?.code === 'invalid_type' && first.path.length === 0 ? first.expected : undefined,
  )
  if (types.every((type) => type !== undefined)) return ofType(types, value)
  const fitting = errors.filter((_, index) => types[index] === undefined)
  const [only, ...others] = fitting
  const [issue] = only ?? []
  if (issue === undefined || others.length > 0) return said('value-of-no-form')
  const inner = issueSaid(issue, valueAt(value, issue.path))
  return issue.path.length === 0 ? inner : said('at-path', { path: dotted(issue.path), problem: inner })
}
