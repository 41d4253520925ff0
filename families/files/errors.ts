import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a link leads to a place too near to the root, which no plan may have wiped. */
export class PathTooShallowError extends QianyunError {
  override name = 'PathTooShallowError'
  readonly code = 'path-too-shallow'

  constructor(
    readonly path: string,
    readonly place: string,
  ) {
    super(said('path-too-shallow', { path, place }))
  }
}

/** Thrown when no file lies below the paths of a wipe: the proof of such a wipe would prove nothing. */
export class NothingToWipeError extends QianyunError {
  override name = 'NothingToWipeError'
  readonly code = 'nothing-to-wipe'

  constructor(readonly paths: readonly string[]) {
    super(said('nothing-to-wipe', { paths }))
  }
}
