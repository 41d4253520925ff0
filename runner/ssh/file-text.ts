import { isUtf8 } from 'node:buffer'
import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/**
 * The content of a file as text that becomes the very same bytes again: UTF-8 where it is UTF-8, else one character for
 * each byte (latin1), in which ASCII can be edited and all else stays as it is. Old systems have files in GBK.
 */
export interface FileText {
  readonly text: string
  readonly encoding: 'utf8' | 'latin1'
}

/** Thrown when a text outside ASCII is to go into a file whose encoding is not known. */
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

/** @throws NotUtf8Error when one of the texts that are new in the file cannot be written in it */
export function assertFits(path: string, encoding: FileText['encoding'], added: readonly string[]): void {
  const foreign = encoding === 'utf8' ? undefined : added.find((text) => !/^\p{ASCII}*$/u.test(text))
  if (foreign !== undefined) throw new NotUtf8Error(path, foreign)
}
