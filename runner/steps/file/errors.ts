import { QianyunError } from '../../../domain/errors.ts'
import { said } from '../../../domain/words/said.ts'

/** Thrown when a path is of another kind than the step wants. Nothing was changed. */
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

/** Thrown when a text to replace may begin with the second half of a character. Nothing was changed. */
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
