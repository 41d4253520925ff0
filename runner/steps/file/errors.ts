import { QianyunError } from '../../../domain/errors.ts'

/** Thrown when something else lies at a path than what the step is to make there. Nothing was changed. */
export class WrongKindOfFileError extends QianyunError {
  override name = 'WrongKindOfFileError'
  readonly code = 'wrong-kind-of-file'

  constructor(
    readonly host: string,
    readonly path: string,
    readonly found: string,
    readonly expected: string,
  ) {
    super(
      `"${path}" on "${host}" is a "${found}", expected a "${expected}" or nothing. Correct the path, or take it away by a step with "state: absent" first.`,
    )
  }
}

/** Thrown when a text to be replaced may begin with the second half of a character. Nothing was changed. */
export class HalfCharacterError extends QianyunError {
  override name = 'HalfCharacterError'
  readonly code = 'half-character'

  constructor(
    readonly path: string,
    readonly find: string,
  ) {
    super(
      `"${path}" is not UTF-8 (it may be GBK), and in it "${find}" stands right behind such a character, or is the end of one. Look for a longer text that begins with a space, "/", "=" or the like.`,
    )
  }
}
