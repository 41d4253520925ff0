import { QianyunError } from '../../domain/errors.ts'

/** Thrown for a value no shell argument can carry. */
export class UnquotableValueError extends QianyunError {
  override name = 'UnquotableValueError'
  readonly code = 'unquotable-value'

  constructor(
    readonly value: string,
    readonly reason: 'nul' | 'lone-surrogate',
  ) {
    super(
      `The value ${JSON.stringify(value.slice(0, 80))} holds ${reason === 'nul' ? 'a NUL byte' : 'half of a character'}, which no command argument can carry. Remove it, or write the value to a file.`,
    )
  }
}

/**
 * The one quoting function: gives a word that POSIX shells (dash, bash, busybox) read back as exactly `value`.
 * Everything that reaches a shell from a playbook, a plan or a host goes through it.
 * @throws UnquotableValueError
 */
export function quote(value: string): string {
  if (value.includes('\0')) throw new UnquotableValueError(value, 'nul')
  if (/\p{Surrogate}/u.test(value)) throw new UnquotableValueError(value, 'lone-surrogate')
  if (/^[A-Za-z0-9_@%+:,./-]+$/.test(value)) return value
  return `'${value.replaceAll("'", String.raw`'\''`)}'`
}

/** A command line of several words, each quoted. */
export function quoteAll(words: readonly string[]): string {
  return words.map((word) => quote(word)).join(' ')
}
