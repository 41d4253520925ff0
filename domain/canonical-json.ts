import canonicalize from 'canonicalize'

/**
 * The one text of a JSON value by RFC 8785: the same value always gives the same bytes, whoever writes it.
 * Throws a TypeError for what JSON cannot say (undefined, NaN, functions).
 */
export function canonicalJson(value: unknown): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError(`JSON cannot say "${typeof value}". Give a JSON value.`)
  return text
}
