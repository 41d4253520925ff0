import { canonicalJson } from '../domain/canonical-json.ts'
import { secretsIn } from '../domain/secret-text.ts'
import { sha256Hex } from './digest.ts'

/** Fields in which people and programs write free text. */
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
/** Fields that map names which people chose to free text. */
const textTables = new Set(['waivers', 'inputs'])

/**
 * A detail as the audit log keeps it. Every free text is replaced by `sha256:` and its digest, so that whoever has the text can prove
 * it. Other fields are structured and stay; one that contains a secret is treated as free text.
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

/** Empty texts and numbers stay as they are. */
const isText = (value: unknown): value is string | object =>
  typeof value === 'string' ? value !== '' : typeof value === 'object' && value !== null

const isId = (name: string): boolean => /^[a-z0-9-]{1,63}$/.test(name)

const digestOf = (value: string | object): string =>
  `sha256:${sha256Hex(typeof value === 'string' ? value : canonicalJson(value))}`
