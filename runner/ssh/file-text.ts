import { isUtf8 } from 'node:buffer'
import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/**
 * The content of a file as text that converts back to the same bytes: UTF-8 if it is valid UTF-8, otherwise latin1, one character
 * for each byte. In latin1 only ASCII can be edited, and all other bytes stay. Old systems have files in GBK.
 */
export interface FileText {
  readonly text: string
  readonly encoding: 'utf8' | 'latin1'
}

/** Thrown when text outside ASCII is to be written into a file whose encoding is unknown. */
export class NotUtf8Error extends QianyunError {
  override name = 'NotUtf8Error'
  readonly code = 'not-utf8'

  constructor(
    readonly path: string,
    readonly text: string,
  ) {
    super(said('not-utf8', { path, text: text.slice(0, 80) }))
  }
}

export function textOf(bytes: Buffer): FileText {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1'
  return { text: bytes.toString(encoding), encoding }
}

/** @throws NotUtf8Error when a new text cannot be written in the encoding of the file */
export function assertFits(path: string, encoding: FileText['encoding'], added: readonly string[]): void {
  const foreign = encoding === 'utf8' ? undefined : added.find((text) => !/^\p{ASCII}*$/u.test(text))
  if (foreign !== undefined) throw new NotUtf8Error(path, foreign)
}
