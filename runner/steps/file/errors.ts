import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

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
    super(said('wrong-kind-of-file', { path, host, found, expected }))
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
    super(said('half-character', { path, find }))
  }
}
