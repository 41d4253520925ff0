import { QianyunError } from '../../domain/errors.ts'
import { said } from '../../domain/words/said.ts'

/** Thrown when a path leads by a link to a place that is not wiped on anybody's word. */
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

/** Thrown when not one file lies below the paths of a wipe: a proof would say that nothing is left of nothing. */
export class NothingToWipeError extends QianyunError {
  override name = 'NothingToWipeError'
  readonly code = 'nothing-to-wipe'

  constructor(readonly paths: readonly string[]) {
    super(said('nothing-to-wipe', { paths }))
  }
}
