/** A name as SQL takes it, whatever is in it. */
export function name(identifier: string): string {
  return `\`${identifier.replaceAll('`', '``')}\``
}

/**
 * A text as SQL takes it, whatever is in it. Sessions have a character set and an SQL mode of our own, under which a backslash escapes, and
 * none of the bytes of a longer character is a quotation mark.
 */
export function text(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`
}

/** Bytes as SQL takes them, as a text of a character set, or as binary without one. */
export function bytes(value: Buffer, characterSet?: string): string {
  const introducer = characterSet === undefined ? '' : `_${word(characterSet)} `
  return `${introducer}x'${value.toString('hex')}'`
}

/** A word that stands unquoted in SQL, such as the name of a character set. @throws RangeError for any other */
export function word(value: string): string {
  if (!/^[A-Za-z0-9_]{1,64}$/.test(value)) throw new RangeError(`"${value}" is no word of SQL`)
  return value
}

/** An account by its name and host. */
export interface Account {
  readonly user: string
  readonly host: string
}

export function account({ user, host }: Account): string {
  return `${text(user)}@${text(host)}`
}
