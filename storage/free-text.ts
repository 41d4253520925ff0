import { canonicalJson } from '../domain/canonical-json.ts'
import { secretsIn } from '../domain/secret-text.ts'
import { sha256Hex } from './digest.ts'

/** Where people and programs write what they like. */
const textFields = new Set([
  'reason',
  'note',
  'remark',
  'statement',
  'statements',
  'message',
  'detail',
  'details',
  'description',
  'dispositionReason',
  'found',
  'title',
  'body',
])
/** Tables from names people chose to what they wrote. */
const textTables = new Set(['waivers', 'inputs'])

/**
 * What the audit log holds of a detail: of every free text `sha256:` and its digest, whoever has the text can prove it; all else
 * as it is. Texts of other fields are structured, and one that holds a secret all the same is treated as free.
 */
export function withoutFreeText(value: unknown): unknown {
  return without(value, '')
}

function without(value: unknown, field: string): unknown {
  if (textFields.has(field) && isText(value)) return digestOf(value)
  if (field === 'name' && typeof value === 'string' && !isId(value)) return digestOf(value)
  if (typeof value === 'string') return secretsIn(value).length > 0 ? digestOf(value) : value
  if (Array.isArray(value)) return value.map((each) => without(each, ''))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [
      name,
      textTables.has(field) && isText(inner) ? digestOf(inner) : without(inner, name),
    ]),
  )
}

/** What is empty says nothing, and figures are no texts. */
const isText = (value: unknown): value is string | object =>
  typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null

const isId = (name: string): boolean => /^[a-z0-9-]{1,63}$/.test(name)

const digestOf = (value: string | object): string =>
  `sha256:${sha256Hex(typeof value === 'string' ? value : canonicalJson(value))}`
