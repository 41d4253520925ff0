import { type BrokenPart, brokenPartOf } from '../../domain/broken-text.ts'
import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown for a value that no shell argument can contain. */
export class UnquotableValueError extends QianyunError {
  override name = 'UnquotableValueError'
  readonly code = 'unquotable-value'

  constructor(
    readonly value: string,
    readonly reason: BrokenPart,
  ) {
    super(said('unquotable-value', { value: JSON.stringify(value.slice(0, 80)), reason }))
  }
}

/**
 * The only quoting function: returns a word that POSIX shells (dash, bash, busybox) read back as exactly `value`.
 * Every value from a playbook, a plan or a host passes through it on the way to a shell.
 * @throws UnquotableValueError
 */
export function quote(value: string): string {
  const broken = brokenPartOf(value)
  if (broken !== undefined) throw new UnquotableValueError(value, broken)
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(value)) return value
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}

/** A command line of several words, each quoted. */
export function quoteAll(words: readonly string[]): string {
  return words.map((word) => quote(word)).join(' ')
}
