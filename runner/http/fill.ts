/** How a value is written into a body of the given kind, so that no character of it ends a text there. */
export function writtenIn(headers: Readonly<Record<string, string>>): (value: string) => string {
  const found = Object.entries(headers).find(([name]) => name.toLowerCase() === 'content-type')
  const type = found?.[1] ?? 'application/json'
  if (type.startsWith('application/x-www-form-urlencoded')) return encodeURIComponent
  return type.includes('json') ? (value) => JSON.stringify(value).slice(1, -1) : (value) => value
}

/** Replaces `{name}` by the value of that name; an unknown name stays. */
export function fill(
  template: string,
  values: ReadonlyMap<string, unknown>,
  write: (value: string) => string = (value) => value,
): string {
  return template.replaceAll(/\{([A-Za-z][A-Za-z0-9_]*)\}/g, (whole, name: string) => {
    const value = written(values.get(name))
    return value === undefined ? whole : write(value)
  })
}

/** A value as a text; undefined for one that has none. */
export function written(value: unknown): string | undefined {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
